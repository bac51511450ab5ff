"""What the operator does to people across accounts."""
