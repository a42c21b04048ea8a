"""What several articles tell of one story: what they agree on, where they differ, what only one says."""
