"""Withdrawals, and the ledger that says what can be withdrawn."""
