"""What clients ask, checked: each field that is wrong is named, all at once."""
