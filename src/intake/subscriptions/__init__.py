"""Subscriptions, folded from their payments and from what messages say outside of sales."""
