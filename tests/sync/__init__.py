"""Sync: phones and the server end in the same state."""
