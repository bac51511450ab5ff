"""Refund requests, and the owner's approval of them."""
