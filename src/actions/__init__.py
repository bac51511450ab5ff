"""Changes to data. Each check runs in the transaction of its write."""
