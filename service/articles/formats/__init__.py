"""Readers, by the kind of file: each takes a stream and a `Context`, and yields articles and what could not be read."""
