"""Data that has served its purpose, and when it is removed."""
