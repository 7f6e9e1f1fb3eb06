"""The analysis of a table: what was read, three spectra and the answer, as text, JSON or Markdown.

``analyse`` takes an array or a frame. The command ``python -m sim inputs`` takes a file.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sim.inputs import words
from sim.inputs.answer import Answer, answer
from sim.inputs.examples import Feed
from sim.inputs.read_table import of_memory
from sim.inputs.reader.options import Options
from sim.inputs.reader.table import Table, printable
from sim.inputs.report import FEEDS, Report, reduction_of, reports
from sim.inputs.rows import rows_of

#: What ``as_dict`` is: the name that a reader of the JSON looks for.
RESULT = "sim inputs"


@dataclass(frozen=True)
class Analysis:
    """The analysis of one table.

    ``name``: the file's name. ``target``: what the neuron learns, in words.
    ``reports``: by way to feed the table, ``raw``, ``centred`` and ``standardised``.
    ``answer``: None where no input varies. ``interrupted``: Ctrl-C ended the analysis, which has
    what was done before.

    It prints as the command does. In a notebook it shows itself.
    """

    name: str
    table: Table
    target: str
    reports: dict[Feed, Report]
    answer: Answer | None
    interrupted: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The JSON of the command."""
        reports = {feed: self.reports.get(feed) for feed in FEEDS}
        return {
            "result": RESULT,
            "file": self.name,
            "examples": len(self.table.values),
            "features": self.table.values.shape[1],
            "rank": len(reports["raw"].eigenvalues) if reports["raw"] else None,
            "read": self.table.as_dict(),
            **{feed: report and report.as_dict() for feed, report in reports.items()},
            "answer": self._answer(),
        }

    def _answer(self) -> dict[str, Any] | None:
        if self.interrupted:
            return None
        said: dict[str, Any] = {"words": list(self.sentences.values())}
        return said | (self.answer.as_dict() if self.answer else {})

    @property
    def sentences(self) -> dict[str, str]:
        """What dominates, what to do about it, and what it buys."""
        return (
            {}
            if self.interrupted
            else words.sentences(self.answer, self.table.called, self.table.example)
        )

    def __str__(self) -> str:
        rows = list(rows_of(self.reports))
        width = 1 + max(len(label) for label, *_ in rows)
        table = [f"{row[0]:<{width}}" + "".join(f"{cell:>16}" for cell in row[1:]) for row in rows]
        after = [*self._constant(), *words.rounding(self.reports), *words.lines(self.sentences)]
        return "\n".join([*self._read(), "", *table, "", *after])

    def _repr_markdown_(self) -> str:
        header, *body = rows_of(self.reports)
        rule = ["---", *["--:"] * (len(header) - 1)]
        table = [f"| {' | '.join(row)} |" for row in (header, rule, *body)]
        said = [f"**{head}** {_escaped(text)}" for head, text in self.sentences.items()]
        read = [_escaped(line) for line in self._read()]
        return "\n\n".join(["  \n".join(read), "\n".join(table), *said])

    def _read(self) -> list[str]:
        """What was read."""
        examples, features = self.table.values.shape
        beginning = (
            f"{printable(self.name)}: {examples:,} examples of {features:,} "
            f"feature{'s' * (features != 1)}"
        )
        if "raw" in self.reports:
            beginning += f", rank {len(self.reports['raw'].eigenvalues):,}"
        return [*self.table.in_words(beginning), f"target: {printable(self.target)}"]

    def _constant(self) -> list[str]:
        """The first ten constant columns."""
        columns = next(iter(self.reports.values())).constant_columns
        if not columns:
            return []
        first = ", ".join(self.table.called(column) for column in columns[:10])
        more = ", ..." if len(columns) > 10 else ""
        return [f"constant, left at zero where standardised: {first}{more}"]


def _escaped(text: str) -> str:
    """The ``text``, in which Markdown marks nothing."""
    return "".join(f"\\{letter}" if letter in r"\`*_[]<>|#" else letter for letter in text)


def analyse(
    X: Any,
    y: Any = None,
    *,
    label: str | None = None,
    drop: Sequence[str] = (),
    numbers: bool = False,
    missing: str = "refuse",
    seed: int = 0,
) -> Analysis:
    """Analyse the table ``X``, with one example per row, as ``python -m sim inputs`` does a file.

    Args:
        X: an array of p examples (images are flattened), or a frame of pandas or polars, whose
            columns are features. Its index is none.
        y: p numbers to learn. Without them the neuron learns the outputs of a planted one.
        label: the column of ``X`` that is learnt, in place of ``y``.
        drop: the columns that are left out, by name, or by number from 1.
        numbers: whether to leave out the columns of a frame that have no numbers, or mostly
            missing ones, and examples that lack a number.
        missing: "refuse", "drop" (the example) or "mean" (of the column's other entries).
        seed: of the planted neuron.

    Returns:
        An ``Analysis``. Its ``reports["raw"].eigenvalues`` are those of R = XX'/p, and ``print``
        shows what the command prints.

    Raises:
        UsageError: where the table cannot be used. It is a ``ValueError`` of one line.

    Example:
        >>> import numpy as np
        >>> apart = np.random.default_rng(0).standard_normal((200, 3)) * [1, 10, 100]
        >>> analyse(apart).answer.feed
        'standardised'
    """
    options = Options(drop=tuple(drop), label=label, numbers=numbers, missing=missing)
    table, labels = of_memory(X, y, options)
    target = label or (f"outputs of a planted neuron, seed {seed}" if y is None else "y")
    return analysed(table, labels, "X", target, seed)


def analysed(
    table: Table,
    labels: Any,
    name: str,
    target: str,
    seed: int = 0,
    track: Callable[[Any], Any] = iter,
) -> Analysis:
    """The analysis of the ``table`` that was read under this ``name``.

    ``track`` shows progress: it is given an iterator of one item per report, and yields these.
    """
    reduction = reduction_of(table.values, labels, seed, table.called)
    done: dict[Feed, Report] = {}
    found, interrupted = None, False
    try:
        done.update(each for each in track(reports(reduction)))
        found = answer(reduction, done)
    except KeyboardInterrupt:
        interrupted = True
    ordered = {feed: done[feed] for feed in FEEDS if feed in done}
    return Analysis(name, table, target, ordered, found, interrupted)
