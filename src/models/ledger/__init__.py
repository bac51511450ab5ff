"""The books: what is posted of sales and withdrawals, in the transaction that changes them."""
