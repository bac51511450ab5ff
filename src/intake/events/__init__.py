"""What a message says, in Centrals' own terms."""
