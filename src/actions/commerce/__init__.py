"""What people do with what the account sells."""
