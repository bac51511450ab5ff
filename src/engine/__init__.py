"""How a schema is scoped and an operation executed. Knows nothing of sales or sellers."""
