"""Reads what Hotmart sends: webhooks, pages of its REST API, and test messages."""
