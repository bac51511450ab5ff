"""Targets: the outside addresses that tools send to, each confirmed by someone who holds what is sent."""
