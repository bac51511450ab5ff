"""Reads stored messages again, and computes sales from them again."""
