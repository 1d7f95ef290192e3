"""Uploads: the files of attachments, sent in pieces over a bad line, kept apart from records."""
