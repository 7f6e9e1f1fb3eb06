"""A single exception has a message for the reader, and not for the programmer."""


class UsageError(ValueError):
    """Bad usage or bad input, in one line that names the value and says what would be right."""
