"""Reports: frozen accounts of what crossed, for readers who were not there."""
