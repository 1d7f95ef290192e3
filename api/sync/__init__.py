"""Sync: how phones that are often offline and the server stay one. The protocol: docs/sync.md."""
