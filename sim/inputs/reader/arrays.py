"""Arrays that NumPy saved: an npy file stays on disk, an npz file gives one of its members."""

import math
import tokenize
import zipfile
import zlib
from pathlib import Path
from typing import IO

import numpy as np

from companion.errors import UsageError
from sim.inputs.reader.columns import choose, notes_on, taken
from sim.inputs.reader.options import Options, refuse_options_of_text
from sim.inputs.reader.source import Source, refuse_larger
from sim.inputs.reader.table import Numbers, shortened

#: The array of an npz file that is read where the user names none.
USUAL = "x_train"
ZIP = b"PK"
#: The number of characters of the names of arrays in a message.
ROOM = 100
#: What NumPy and zipfile raise at files that are damaged, or made to harm.
DAMAGES = (
    *(ValueError, TypeError, OverflowError, MemoryError, RecursionError, SyntaxError),
    *(EOFError, RuntimeError, NotImplementedError, tokenize.TokenError),
    *(zipfile.BadZipFile, zlib.error),
)
NUMERIC = "buif"  # the kinds of dtype that are real numbers. bool counts as 0 and 1


def read_arrays(source: Source, options: Options) -> Numbers:
    """The array, with those of its columns that the ``options`` leave."""
    refuse_options_of_text(options, source.name)
    return numbers_of_array(array_in(source, options.key), source.name, options)


def numbers_of_array(array: np.ndarray, name: str, options: Options) -> Numbers:
    """The ``array`` of this ``name``, with those of its columns that the ``options`` leave."""
    if options.numbers:
        raise UsageError(
            f"--numbers chooses among the columns of a file that has text, too; {name!r} is an "
            "array of numbers; --missing drop leaves out examples that lack one"
        )
    if not options.drop and options.label is None:
        plain = array.ndim == 2 and array.dtype.kind in NUMERIC and not options.columns
        every = choose(array.shape[1], None, options, {}) if plain and array.size else None
        return Numbers(array, notes=notes_on(array, None, every) if every else [])
    if array.ndim != 2:
        raise UsageError(
            f"--drop and --label name columns of a table; {name!r} holds an array of "
            f"{array.ndim} dimensions"
        )
    choice = choose(array.shape[1], None, options, {})
    features = taken(array, choice.features)
    return Numbers(
        array=features,
        left_out=choice.left_out,
        target=None if choice.target is None else array[:, choice.target],
        notes=notes_on(features, None, choice),
    )


def array_in(source: Source, key: str | None) -> np.ndarray:
    """An array that stays on disk (npy), or one member (npz). Pickled objects are never loaded."""
    try:
        if source.start(2) != ZIP or source.packed:
            if source.content is None and not source.packed:
                with np.errstate(over="ignore"):  # of a shape beyond all numbers
                    return np.lib.format.open_memmap(source.name, mode="r")
            return _whole(source)
        with source.open() as file, zipfile.ZipFile(file) as archive:
            keys = [each.removesuffix(".npy") for each in archive.namelist()]
            member = _choose(source.name, keys, key)
            with archive.open(archive.namelist()[keys.index(member)]) as stream:
                _refuse_large(stream, source.name)
            with archive.open(archive.namelist()[keys.index(member)]) as stream:
                return np.lib.format.read_array(stream, allow_pickle=False)
    except UsageError:
        raise
    except DAMAGES as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        why = (
            "it holds Python objects, which are never loaded"
            if "bject" in reason
            else f"it is damaged or of another kind ({reason})"
        )
        raise UsageError(f"cannot read {source.name!r}: {why}; save numbers with NumPy") from error


def _whole(source: Source) -> np.ndarray:
    with source.open() as stream:
        _refuse_large(stream, source.name)
    with source.open() as stream:
        return np.lib.format.read_array(stream, allow_pickle=False)


def _refuse_large(stream: IO[bytes], name: str) -> None:
    """Refuse an array that does not fit, by its head and before a byte of it is read."""
    version = np.lib.format.read_magic(stream)
    read = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }.get(version)
    if read is None:
        raise ValueError(f"version {version} of the npy format")
    shape, _, dtype = read(stream)
    refuse_larger(math.prod(shape) * dtype.itemsize, name)


def _choose(path: str, keys: list[str], key: str | None) -> str:
    names = named(keys)
    if key is None and (len(keys) == 1 or USUAL in keys):
        return USUAL if USUAL in keys else keys[0]
    if key is None:
        raise UsageError(
            f"{path!r} holds {names}; choose one with --key of sim inputs, or save it alone"
        )
    if key not in keys:
        raise UsageError(f"{path!r} has no array {key!r}; it holds {names}")
    return key


def named(keys: list[str]) -> str:
    """The ``keys`` in a message: the first ones, where they are many."""
    return shortened(keys, ROOM) or "no array"


def keys_of(path: Path) -> list[str]:
    """The names of the arrays in an npz file. Any other file has no names."""
    if path.suffix.lower() != ".npz" or not path.is_file() or not zipfile.is_zipfile(path):
        return []
    with zipfile.ZipFile(path) as archive:
        return [name.removesuffix(".npy") for name in archive.namelist()]
