"""The pages: forms, briefs beside their sources, digests; server-rendered."""
