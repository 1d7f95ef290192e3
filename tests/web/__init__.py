"""The web client: what it is made of, how it is served, and what people do with it."""
