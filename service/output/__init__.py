"""Records of briefs as files: JSON lines, tables, folders for people to read. Each appears whole or not at all."""
