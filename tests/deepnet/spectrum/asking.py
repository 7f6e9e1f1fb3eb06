"""How the tests ask ``python -m deepnet spectrum``: files as a user saves them, rows, refusals."""

import json

import numpy as np
import pytest

from companion.errors import UsageError
from deepnet.spectrum.command import main

#: What the weights leave open.
OPEN = ["norm", "eps", "statistics", "activation", "shortcut", "padding", "pooling", "classifier"]
KEYS = ["net", *OPEN, "parameters", "examples", "classes", "empty_classes", "loss", "grad_norm"]
KEYS += ["top", "bottom", "products", "settled", "certain", "dtype", "convolution", "seconds"]


def saved(folder, name, **arrays):
    """The path of an npz file; ``w__prep`` is saved under the name ``w:prep``."""
    path = folder / name
    np.savez(path, **{key.replace("__", ":"): value for key, value in arrays.items()})
    return str(path)


def arrays_of(recipe):
    """A recipe's weights and statistics under the command's names."""
    arrays = {f"w:{name}": weight for name, weight in recipe.weights.items()}
    for name, (mean, variance) in recipe.statistics.items():
        arrays |= {f"mean:{name}": mean, f"var:{name}": variance}
    return arrays


def asked(files, *options):
    """The command's arguments for the files of (weights, data)."""
    return ["--weights", files[0], "--data", files[1], *options]


def found(capsys, files, *options, code=0):
    """The row that the command prints with --json, on one line."""
    assert main(asked(files, *options, "--json")) == code
    printed = capsys.readouterr()
    assert printed.out.count("\n") == 1
    row = json.loads(printed.out)
    assert list(row) == KEYS
    return row


def values(pairs):
    return [pair["value"] for pair in pairs]


def refused(files, *options):
    """The one line with which the command refuses."""
    with pytest.raises(UsageError) as caught:
        main(asked(files, *options))
    assert "\n" not in str(caught.value)
    return str(caught.value)
