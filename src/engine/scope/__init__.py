"""The schema of a viewer."""
