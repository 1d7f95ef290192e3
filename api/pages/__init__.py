"""Pages: what a person meets in a browser: the front page, the documentation, a small client."""
