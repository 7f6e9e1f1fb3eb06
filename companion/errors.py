"""The one exception that is meant for the reader rather than for the programmer."""


class UsageError(ValueError):
    """Bad usage or input: one line that names the value and says what would be right."""
