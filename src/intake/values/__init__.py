"""Reads the values of messages, one by one."""
