"""The schema that a viewer has."""
