"""What every room shares: the command line, files, progress, estimates and references.

Standard library and rich only; it imports no other room.
"""

__version__ = "0.1.0"
