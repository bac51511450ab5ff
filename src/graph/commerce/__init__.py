"""The nouns of what the account sells."""
