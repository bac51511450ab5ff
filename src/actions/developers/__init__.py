"""What developers use: API credentials."""
