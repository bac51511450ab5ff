"""The command line, the settings, the ASGI application and the demo data."""
