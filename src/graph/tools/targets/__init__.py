"""Targets: where data leave the house."""
