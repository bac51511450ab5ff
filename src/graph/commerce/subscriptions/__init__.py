"""Subscriptions to products, and requests for them."""
