"""Accounts: users, members, sign-in, devices: turns a request into an Actor."""
