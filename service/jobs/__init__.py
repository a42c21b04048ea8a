"""Long work: articles accepted now, translated in the background, kept through restarts, told as they are done."""
