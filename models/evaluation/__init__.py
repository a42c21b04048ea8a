"""How good translations, checks and briefs are, beside others. Nothing served imports this."""
