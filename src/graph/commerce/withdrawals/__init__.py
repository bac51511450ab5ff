"""Balances, the ledger and withdrawals."""
