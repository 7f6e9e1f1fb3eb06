"""What --set says: entries of the experiments' configurations that differ from their scale's."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from companion.command import unknown
from companion.errors import UsageError
from companion.scale import Scale
from deepnet.experiments.experiment import Experiment


def changes(texts: Iterable[str], chosen: Sequence[Experiment], scale: Scale) -> dict[str, Any]:
    """{name: value} of the ``texts`` "name=value", each known to one of the experiments at least.

    A value has the type that it has at ``scale``. Raises UsageError for any other text.
    """
    known: dict[str, Any] = {}
    for experiment in chosen:
        known |= experiment.configuration(scale)
    return dict(_change(text, known) for text in texts)


def _change(text: str, known: Mapping[str, Any]) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"--set {text!r} sets nothing; give NAME=VALUE, such as width=1/4")
    if name not in known:
        raise UsageError(unknown("entry of these configurations", name, list(known)))
    usual = known[name]
    if isinstance(usual, str):
        return name, value
    try:
        found = json.loads(value)
    except ValueError:
        found = None
    number = isinstance(usual, float) and type(found) in (int, float)
    if number and abs(found) <= sys.float_info.max:  # false of nan and inf, and of what overflows
        return name, float(found)
    if isinstance(usual, float) or type(found) is not type(usual):
        raise UsageError(f"--set {text!r} does not fit; give a value such as {json.dumps(usual)}")
    return name, found
