"""What every room shares.

    command       a room as a command: arguments, selection by name, strict JSON, exit codes
    options       the options that several commands have, and numbers out of range
    scale         the three sizes at which everything runs
    errors        the exception whose message is for the reader
    advice        what a message advises where an optional dependency is missing
    files         files written whole or not at all
    pictures      a result drawn by a process of figures
    progress      notes and progress on stderr
    side_by_side  several processes at once
    estimate      a mean with its standard error
    index         the names of all rooms: what each rests on, what rests on it
    references    the list of sources
    passages      the passages of each source, in its order

It imports no other room. Beyond the standard library it needs rich, for progress, and joblib, for
several processes. Each of the two is imported where it is first used.
"""

__version__ = "0.1.0"
