"""Requests for refunds, and the owner's approval of them."""
