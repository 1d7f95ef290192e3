"""Real clients, unmodified, with the adapters that are published, against a real server."""
