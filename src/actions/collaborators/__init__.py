"""Collaborators."""
