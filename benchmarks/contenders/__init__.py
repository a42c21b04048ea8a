"""The contenders, each a program of its own that answers the harness's requests; see protocol.py."""
