"""From sentences to checked translations; `loader` makes a translator of a model's name."""
