"""Receipts of payment, as the API shows them."""
