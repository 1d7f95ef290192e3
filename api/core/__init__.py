"""The kernel: knows records in general and no kind by name."""
