"""From a model's name to something that decodes pieces: its files, how it spells, and the backends."""
