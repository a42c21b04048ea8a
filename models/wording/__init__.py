"""Which words a translation has for names and terms: a user's glossary, and one spelling for each name."""
