"""Webhooks: endpoints that get signed messages about events."""
