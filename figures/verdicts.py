"""The words for the findings on record."""

from collections.abc import Mapping

from companion.errors import UsageError
from deepnet.experiments.record import JUDGED, Recorded

#: The words for findings of an earlier VERSION of the experiment.
BEFORE = "recorded before"


def on_record(name: str, record: Mapping[str, Recorded]) -> Recorded:
    """The findings of one experiment. Raises UsageError where they are not recorded."""
    if name not in record:
        raise UsageError(
            f"the findings of {name} are not recorded: python -m deepnet {name} --seeds 3 --record"
        )
    return record[name]


def words(found: Recorded) -> str:
    """The words for some findings: how many agree, which do not, at which scale, on which images.

    >>> verdicts = {"a.b": "agrees", "a.c": "refuted", "a.d": "reported"}
    >>> findings = {name: {"verdict": verdict} for name, verdict in verdicts.items()}
    >>> words(Recorded(1, 3, "quick", "textures (generated)", findings))
    '1 of 2 agree, `a.c` is refuted; 1 reported; quick, textures, 3 seeds'
    """
    judged = {name: each for name, each in found.verdicts.items() if each in JUDGED}
    reported = len(found.verdicts) - len(judged)
    agree = sum(each == "agrees" for each in judged.values())
    said = f"{agree} of {len(judged)} agree"
    said += "".join(f", `{n}` is {each}" for n, each in judged.items() if each != "agrees")
    seeds = f"{found.seeds} seed{'s' * (found.seeds > 1)}"
    where = ", ".join((found.scale, found.source, seeds))
    parts = [said] * bool(judged) + [f"{reported} reported"] * bool(reported) + [where]
    return "; ".join(parts)
