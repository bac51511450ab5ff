"""What a server can do for the application beyond ASGI."""

CUT_SHORT = "centrals.cut_short"
"""A function that closes the connection in the middle of a response, which is then known to be incomplete."""
