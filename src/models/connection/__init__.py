"""How a database is reached, read and written, for each kind of it."""
