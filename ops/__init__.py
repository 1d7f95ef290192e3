"""Ops: what has to run before there is a virtualenv; standard library only."""
