"""Documents that requests name instead of sending them."""
