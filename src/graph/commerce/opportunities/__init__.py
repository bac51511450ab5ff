"""Opportunities: sales that may still happen, and the pipeline that they move through."""
