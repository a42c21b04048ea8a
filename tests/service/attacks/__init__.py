"""Attacks on the service, each a test. Those on keys, cookies and addresses stand in tests/service/access too."""
