"""Webhooks and deliveries."""
