"""Compiles queries into plans: generated code from rows to encoded values."""
