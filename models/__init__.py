"""What a model is and does: segmentation, translation, briefs. No Flask and no SQLite in here."""
