"""The readers of the user's own files: one file per kind of file, one for what columns are.

``options`` has what the user may say. ``table`` has what was read. ``kinds`` chooses the reader.
"""
