"""Arabic text as the model reads it: put right, normalised, in sentences whose places in the original are kept."""
