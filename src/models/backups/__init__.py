"""Backups, for each kind of database."""
