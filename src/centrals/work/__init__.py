"""The work that is done because time passes."""
