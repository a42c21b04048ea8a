"""From translations to a brief. `summarizers` knows the ways by name, `extractive` is the default."""
