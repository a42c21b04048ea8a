"""The JSON endpoints: briefs, translations, digests, health."""
