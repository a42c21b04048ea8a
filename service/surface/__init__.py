"""What is round the endpoints: their description, numbers of what they do, headers, and who may ask."""
