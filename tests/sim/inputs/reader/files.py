"""Small files for the tests of the readers, with the table that is right for each."""

import numpy as np

NAMES = ["a", "b", "c", "d"]
#: 12 examples of 4 features. Eighths are exact in text.
TABLE = np.random.default_rng(0).integers(-80, 81, (12, 4)) / 8


def lines_of(table, delimiter=",", decimal="."):
    return [delimiter.join(f"{x:.3f}".replace(".", decimal) for x in row) for row in table]


def csv_of(table, header=None, first=None, delimiter=","):
    """A text: a ``header`` line, and the column ``first`` in front of each row."""
    rows = lines_of(table, delimiter)
    if first is not None:
        rows = [f"{cell}{delimiter}{row}" for cell, row in zip(first, rows, strict=True)]
    return "\n".join([*([header] if header is not None else []), *rows]) + "\n"


def counted(table):
    return range(len(table))


def gapped(table):
    """An index of which rows were taken out."""
    return [row + row // 3 for row in range(len(table))]


def text(folder, content, name="x.csv"):
    path = folder / name
    path.write_text(content, encoding="utf-8", newline="")
    return path
