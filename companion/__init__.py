"""What every room shares: the command line, files, progress, estimates and references.

It imports the standard library, rich and joblib, and no other room.
"""

__version__ = "0.1.0"
