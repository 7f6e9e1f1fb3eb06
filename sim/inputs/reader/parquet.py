"""Files of Apache Arrow (parquet, feather, arrow). They name their columns, and often an index."""

import io
import json
from typing import Any

import numpy as np

from companion.advice import install
from companion.errors import UsageError
from sim.inputs.reader.arrays import NUMERIC
from sim.inputs.reader.columns import numbers_by_column
from sim.inputs.reader.options import Options, refuse_options_of_text
from sim.inputs.reader.source import Source, refuse_larger
from sim.inputs.reader.table import Numbers

INDEX = "an index by the file's own metadata"


def read_arrow(source: Source, options: Options) -> Numbers:
    """The columns side by side, without what the file calls an index. It needs pyarrow."""
    refuse_options_of_text(options, source.name)
    table = _load(source)
    names = [str(name) for name in table.column_names]
    if not names:
        return Numbers(np.empty((0, 0)))

    def column(position: int) -> np.ndarray:
        return _numbers(table.column(position), names[position], source.name)

    return numbers_by_column(column, names, options, _indices(table.schema.metadata, names))


def _load(source: Source) -> Any:
    """The table of pyarrow. Columns are told apart by position, for two may have one name."""
    try:
        import pyarrow
        from pyarrow import feather, parquet
    except ImportError as error:
        raise UsageError(f"reading {source.name!r} needs pyarrow: {install('parquet')}") from error
    file: Any = source.name if source.content is None else io.BytesIO(source.content)
    kind = "parquet" if source.start(4) == b"PAR1" or source.suffix == ".parquet" else "arrow"
    try:
        if kind == "parquet":
            with parquet.ParquetFile(file) as opened:
                head = opened.metadata
                refuse_larger(8 * head.num_rows * len(opened.schema_arrow), source.name)
                return opened.read()
        return feather.read_table(file)
    except UsageError:
        raise
    except (ValueError, OSError, pyarrow.ArrowException) as error:  # ArrowInvalid is a ValueError
        if isinstance(error, OSError) and error.errno:
            raise
        reason = str(error).partition("\n")[0]
        raise UsageError(f"cannot read {source.name!r} as {kind}: {reason}") from error


def _indices(metadata: dict[bytes, bytes] | None, names: list[str]) -> dict[int, str]:
    """The columns that pandas wrote as its index, as the ``metadata`` of the file say."""
    try:
        said = json.loads((metadata or {}).get(b"pandas", b"{}")).get("index_columns", [])
    except (ValueError, AttributeError):
        return {}
    return {names.index(name): INDEX for name in said if isinstance(name, str) and name in names}


def _numbers(column: Any, name: str, file: str) -> np.ndarray:
    """A column as numbers. A null is nan; decimals and truth values with nulls become floats."""
    from pyarrow import float64, int8, types

    kind = column.type
    if types.is_decimal(kind) or types.is_null(kind):
        column = column.cast(float64())
    elif types.is_boolean(kind) and column.null_count:
        column = column.cast(int8())
    numbers = column.to_numpy()
    if numbers.dtype.kind not in NUMERIC:
        raise UsageError(
            f"{file!r}: column {name!r} holds {kind} values; numbers are needed; --numbers "
            "leaves out such columns, --drop one of them"
        )
    return np.asarray(numbers)
