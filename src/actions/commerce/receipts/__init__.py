"""Receipts of payment: made when they are requested, and sent by e-mail."""
