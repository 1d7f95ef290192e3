"""Migrations: the schema, step by step."""
