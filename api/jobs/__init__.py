"""Jobs: what happens by itself, on a queue and schedule that live in PostgreSQL."""

from .worker import prune_everything, run_worker

__all__ = ["prune_everything", "run_worker"]
