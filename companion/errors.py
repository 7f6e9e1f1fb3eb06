"""The exception ``UsageError`` has a message for the user. Other exceptions are for programmers."""


class UsageError(ValueError):
    """Bad usage or bad input, in one line that names the value and says what would be right."""
