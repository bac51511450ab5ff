"""API credentials."""
