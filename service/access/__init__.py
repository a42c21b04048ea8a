"""Who may ask, and how much: keys, limits, addresses behind proxies, the sign-in page, other sites' pages."""
