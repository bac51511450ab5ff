"""Products and offers: what people set of them."""
