"""From tables to objects: sources of fields, statements, lists and pages."""
