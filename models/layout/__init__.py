"""What of a text is an article: lines round it, several articles in one, lists of headlines, what is said again."""
