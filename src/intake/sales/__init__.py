"""Writes sales, products, offers and contacts as their events say."""
