"""Integrations: systems that get chosen fields of events."""
