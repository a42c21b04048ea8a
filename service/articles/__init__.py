"""Articles out of files, in order and lazily; what is wrong with one is told by its place and stops no other."""
