"""Exchange: what comes in from elsewhere and goes out to it, one file or folder per format."""
