"""The nouns of who works in a central, and what each may see and do there."""
