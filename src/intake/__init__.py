"""Receives marketplaces' messages and turns them into sales."""
