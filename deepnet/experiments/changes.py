"""The option ``--set`` changes entries of the experiments' configurations."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from companion.command import unknown
from companion.errors import UsageError
from companion.scale import Scale
from deepnet.experiments.experiment import Experiment


def read_changes(
    texts: Iterable[str], chosen: Sequence[Experiment], scale: Scale
) -> dict[str, dict[str, Any]]:
    """The changes {experiment: {name: value}} that the ``texts`` ask for.

    "name=value" changes all experiments that have an entry of this name, and there must be one.
    "experiment.name=value" changes this experiment alone.

    The last text for an entry counts. A value must have the type that it has at ``scale``.

    Raises UsageError for any other text.
    """
    known = {experiment.name: experiment.configuration(scale) for experiment in chosen}
    by_experiment: dict[str, dict[str, Any]] = {name: {} for name in known}
    for text in texts:
        for experiment, name, value in _change(text, known):
            by_experiment[experiment][name] = value
    return by_experiment


def _change(text: str, known: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str, Any]]:
    target, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"--set {text!r} sets nothing; give NAME=VALUE, such as width=1/4")
    experiment, dot, name = target.rpartition(".")
    if dot and experiment not in known:
        raise UsageError(unknown("chosen experiment", experiment, list(known)))
    among = {experiment: known[experiment]} if dot else known
    having = {owner: entries for owner, entries in among.items() if name in entries}
    if not having:
        entries = list(
            dict.fromkeys(entry for configured in among.values() for entry in configured)
        )
        raise UsageError(unknown("entry of these configurations", name, entries))
    return [(owner, name, _value(text, value, having[owner][name])) for owner in having]


def _value(text: str, value: str, usual: Any) -> Any:
    """The ``value`` in the type of the ``usual`` value."""
    if isinstance(usual, str):
        return value
    try:
        parsed = json.loads(value)
    except ValueError:
        parsed = None
    number = isinstance(usual, float) and type(parsed) in (int, float)
    if number and abs(parsed) <= sys.float_info.max:  # false for nan, inf and numbers that overflow
        return float(parsed)
    if isinstance(usual, float) or type(parsed) is not type(usual):
        raise UsageError(f"--set {text!r} does not fit; give a value such as {json.dumps(usual)}")
    return parsed
