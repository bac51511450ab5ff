"""Scopes the schema, compiles operations into plans, and runs them. Knows nothing of sales or sellers."""
