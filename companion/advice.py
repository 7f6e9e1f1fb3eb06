"""The advice of a message where an optional dependency is missing."""


def install(extra: str) -> str:
    """The line that installs an ``extra`` of pyproject.toml, typed in the project's folder.

    No package registry has the project, so that its name would install nothing.

    >>> install("parquet")
    "pip install -e '.[parquet]'"
    """
    return f"pip install -e '.[{extra}]'"
