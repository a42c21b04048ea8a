"""Numbers, dates and money, read in both languages and compared (`quantities`)."""
