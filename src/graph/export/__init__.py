"""Reports, lists and the audit log as files, by the same gates as the API."""
