"""Where a translation is to be doubted, by a second model: which words, which sentences, and what it reads there."""
