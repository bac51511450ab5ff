"""Compiles queries into plans: generated code from rows to what is encoded."""
