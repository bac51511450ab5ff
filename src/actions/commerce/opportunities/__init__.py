"""What people and time do with opportunities."""
