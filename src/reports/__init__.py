"""Sums over the statistics within reach."""
