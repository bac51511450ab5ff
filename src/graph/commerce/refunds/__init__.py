"""Refund requests, and the owner's approval rules."""
