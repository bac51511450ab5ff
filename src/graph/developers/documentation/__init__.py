"""The documentation of the API, as far as its reader has it."""
