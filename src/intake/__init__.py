"""What marketplaces send, folded into sales."""
