"""What the pages are made from beside theory: verdicts of simulations, and drawn figures."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from companion.errors import UsageError
from theory.status import digest


@dataclass(frozen=True)
class Materials:
    """The folder of drawn figures, and the row of ``python -m sim --json`` of each claim.

    ``outdated`` are claims whose chapter has changed since they were simulated: they have no row.
    """

    figures: Path
    checks: Mapping[str, Mapping[str, Any]]
    outdated: tuple[str, ...] = ()


def read(figures: Path, verdicts: Path) -> Materials:
    """Read the verdicts. Raises UsageError where their file is there and cannot be read."""
    rows = _checks(verdicts) if verdicts.exists() else {}
    now = {name: row for name, row in rows.items() if _is_current(row)}
    return Materials(figures, now, tuple(sorted(rows.keys() - now.keys())))


def _is_current(row: Mapping[str, Any]) -> bool:
    """Whether the files of the claim are those that were simulated."""
    return bool(row.get("digest") == digest(row["claim"].partition(".")[0]))


def _checks(path: Path) -> dict[str, Mapping[str, Any]]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {
            row["claim"]: row | {"refuted": _refuted(row), "words": _words(row)} for row in rows
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise UsageError(
            f"{path} holds no verdicts of simulations ({error}): python -m sim --json > {path}"
        ) from error


def _refuted(row: Mapping[str, Any]) -> int:
    return sum(twin["refuted"] for twin in row["twins"])


def _words(row: Mapping[str, Any]) -> str:
    """What a simulation found, in words."""
    stderr = f" ± {row['stderr']:.1g}" if row["stderr"] else ""
    power = f", notices a relative error of {row['power']:.1g}" if row["power"] else ""
    return (
        f"{row['simulated']:.6g}{stderr} beside {row['theory']:.6g} by the formula "
        f"({row['draws']} × {row['unit']}; {row['law']}; seed {row['seed']}, {row['scale']}{power})"
    )
