"""What is kept between requests, in one SQLite file of the data folder."""
