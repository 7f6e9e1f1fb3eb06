"""The answer in three sentences: what dominates, what to do, and what it buys."""

from collections.abc import Callable, Iterator, Sequence
from textwrap import fill

from sim.inputs.answer import LOST, Answer, Descended
from sim.inputs.examples import Feed
from sim.inputs.report import Report, rounding_in_words

#: The width of a line in the terminal.
WIDTH = 80
#: The factor between standard deviations from which they are worth a word.
NOTICEABLE = 2
#: The share of the trace from which the mean dominates.
HALF = 0.5
#: The most columns that are named as repeating another one.
FEWER = 4


def sentences(
    answer: Answer | None,
    called: Callable[[int], str],
    number: Callable[[int], int] = lambda example: example + 1,
) -> dict[str, str]:
    """What dominates, what to do and what it buys.

    ``called`` names a column, and ``number`` is that of an example.
    """
    if answer is None:
        return {
            "what dominates": "No input varies between examples.",
            "what to do": "Give inputs that vary.",
            "what it buys": "So far only a constant can be learnt.",
        }
    return {
        "what dominates": " ".join(
            [_dominant(answer, called), _outliers(answer, called), *_alone(answer, number)]
        ),
        "what to do": " ".join(
            [*_look(answer, number), _advice(answer, called), *_repeats(answer, called)]
        ),
        "what it buys": _gain(answer),
    }


def lines(sentences: dict[str, str]) -> list[str]:
    """The ``sentences`` in lines of the terminal."""
    return [
        fill(f"{head}: {text}", WIDTH, subsequent_indent="  ", break_long_words=False)
        for head, text in sentences.items()
    ]


def rounding(reports: dict[Feed, Report]) -> list[str]:
    """What rounding hides, one text for all ways to feed the table of which it is true."""
    by_text: dict[str, list[str]] = {}
    for feed, report in reports.items():
        if text := rounding_in_words(report).strip():
            by_text.setdefault(text, []).append(feed)
    return [
        fill(f"rounding, {', '.join(feeds)}: {text}", WIDTH, subsequent_indent="  ")
        for text, feeds in by_text.items()
    ]


def _dominant(answer: Answer, called: Callable[[int], str]) -> str:
    columns, mean = listed([called(column) for column in answer.columns]), share(answer.mean)
    verb = "holds" if len(answer.columns) == 1 else "hold"
    if answer.mean >= HALF:
        of = f", and {columns} {verb} {share(answer.share)} of it" if columns else ""
        return f"The mean holds {mean} of the trace of R = XX'/p{of}."
    if columns:
        return f"By scale {columns} {verb} {share(answer.share)} of the trace of R = XX'/p."
    return f"Neither the mean ({mean} of the trace of R = XX'/p) nor few columns dominate."


def _outliers(answer: Answer, called: Callable[[int], str]) -> str:
    if answer.outliers == 0:
        return "Standardised, no eigenvalue lies above those of independent columns."
    which = listed([called(column) for column in answer.together])
    verb = "lies" if answer.outliers == 1 else "lie"
    return (
        f"Standardised, {answer.outliers:,} of {answer.directions:,} eigenvalues {verb} above "
        f"those of independent columns, and the first direction holds {share(answer.top)}"
        + (f", mostly of {which}." if which else ".")
    )


def _examples(answer: Answer, number: Callable[[int], int]) -> str:
    numbers = [f"{number(example):,}" for example in sorted(answer.examples)]
    return f"example{'s' * (len(numbers) > 1)} {listed(numbers)}"


def _alone(answer: Answer, number: Callable[[int], int]) -> Iterator[str]:
    if answer.examples:
        verb = "hold" if len(answer.examples) > 1 else "holds"
        of = "all columns" if answer.of == "centred" else "the standardised columns"
        which = _examples(answer, number).capitalize()
        yield f"{which} alone {verb} {share(answer.alone)} of the variance of {of}."


def _look(answer: Answer, number: Callable[[int], int]) -> Iterator[str]:
    if answer.examples:
        many = len(answer.examples) > 1
        leave = "they are errors, leave them" if many else "it is an error, leave it"
        yield f"Look at {_examples(answer, number)} first: if {leave} out, and ask again."


def _advice(answer: Answer, called: Callable[[int], str]) -> str:
    if answer.feed == "raw":
        return (
            "Leave the columns as they are: neither centring nor scaling saves a tenth of the "
            "steps."
        )
    if answer.feed == "centred":
        return (
            "Subtract each column's mean, as StandardScaler(with_std=False) of scikit-learn does. "
            "Scaling the columns, too, does not save a tenth of the steps."
        )
    (least, low), (largest, high) = answer.scales[0], answer.scales[-1]
    apart = (
        f" The deviations go from {low:.4g} ({called(least)}) to {high:.4g} ({called(largest)})."
        if high > NOTICEABLE * low
        else ""
    )
    return (
        "Subtract each column's mean and divide by its standard deviation, as StandardScaler of "
        f"scikit-learn does.{apart}"
    )


def _repeats(answer: Answer, called: Callable[[int], str]) -> Iterator[str]:
    pairs = [f"{called(one)} (it repeats {called(other)})" for one, other in answer.repeats[:FEWER]]
    more = [f"{len(answer.repeats) - FEWER:,} more"] if len(answer.repeats) > FEWER else []
    which = listed(pairs + more)
    if answer.drop:
        yield f"Drop {which}: at most {share(LOST)} of what can be learnt is lost."
    elif pairs and answer.examples:
        yield f"Do not yet drop {which}: so few examples may make columns alike."
    elif pairs and answer.lost > LOST:
        yield f"Keep {which}: without, {share(answer.lost)} of what can be learnt is lost."
    elif pairs:
        yield f"Dropping {which} does not help."


def _gain(answer: Answer) -> str:
    if answer.after is None or answer.before is None:
        return "This target leaves nothing to learn."
    aim = "to leave a millionth of what can be learnt"
    if answer.feed == "raw" and not answer.drop:
        return f"At its best rate descent takes {_steps(answer.after)} {aim}. {_run(answer.after)}"
    return (
        f"At its best rate descent takes {_steps(answer.after)} in place of "
        f"{_count(answer.before.predicted)} {aim}. {_run(answer.after)} As the table is, "
        f"{_left(answer.before)}."
    )


def _run(descended: Descended) -> str:
    return f"Descent was run: {_left(descended)}."


def _left(descended: Descended) -> str:
    """What the run came to, beside what the spectrum predicts. The two are compared as printed."""
    if descended.arrived:
        found, expected = _count(descended.taken), _count(descended.predicted)
        said = f"it took {found}"
    else:
        found, expected = share(descended.left), share(descended.expected)
        said = f"after {_count(descended.taken)} steps {found} is left"
    return f"{said}, as predicted" if found == expected else f"{said}, and not {expected}"


def _steps(descended: Descended) -> str:
    return f"{_count(descended.predicted)} step{'s' * (descended.predicted != 1)}"


def _count(steps: float) -> str:
    return f"{steps:,}" if isinstance(steps, int) and steps < 10**9 else f"{steps:.3g}"


def share(part: float) -> str:
    """A part of 1 in per cent.

    >>> share(0.5), share(0.99999), share(1e-7), share(0.0)
    ('50 %', 'over 99.9 %', 'below 0.1 %', '0 %')
    """
    if part > 0.999:
        return "over 99.9 %"
    return "below 0.1 %" if 0 < part < 0.001 else f"{100 * part:.3g} %"


def listed(names: Sequence[str]) -> str:
    """The ``names`` as a list in words.

    >>> listed(["a", "b", "c"]), listed(["a"]), listed([])
    ('a, b and c', 'a', '')
    """
    *first, last = names or [""]
    return f"{', '.join(first)} and {last}" if first else last
