"""The suite: promises to users, over HTTP, on a real database."""
