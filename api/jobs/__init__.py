"""Jobs: what happens by itself, on a queue and schedule that live in PostgreSQL."""

from .worker import run_worker

__all__ = ["run_worker"]
