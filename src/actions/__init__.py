"""Verbs that change things: each check stands in its write's transaction."""
