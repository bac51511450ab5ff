"""The strongest answers by hand: one statement that finds the viewer, too, and writes the JSON as text."""
