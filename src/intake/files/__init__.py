"""Bulk import: messages, pages and sales reports in files."""
