"""The address to which a marketplace posts messages."""
