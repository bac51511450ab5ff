"""The conversation: one noun a file, the endpoint, and GraphiQL."""
