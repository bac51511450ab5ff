"""Subscriptions: what is requested from the marketplace, reminders and assignment."""
