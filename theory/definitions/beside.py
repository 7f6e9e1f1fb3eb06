"""The value of a definition beside the closed form: lines for a terminal, records for JSON."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from theory import arguments, show
from theory.claim import Claim
from theory.definitions.estimates import Estimate
from theory.definitions.scope import FloatsError
from theory.domain import DomainError, Integer

#: Sizes, counts and numbers of entries at which 120 digits take a second or less.
SMALL = 12
#: What stands in place of a value that was not asked for.
ASK = "definition: not evaluated at once; add --definition"


def lines(claim: Claim, values: Mapping[str, Any], asked: bool) -> list[str]:
    """What the definition comes to: at once where that is exact and small, else if ``asked``."""
    if not asked and not _is_small(claim, values):
        return [ASK]
    try:
        found = _estimates(claim, values, floats=asked)
    except FloatsError:
        return [ASK]
    except (NotImplementedError, DomainError) as error:
        return [f"definition: no value ({str(error).removeprefix(f'{claim.name}: ')})"]
    if list(found) == [""]:
        return _told("definition: ", found[""])
    told = [line for name, each in found.items() for line in _told(f"  {name} = ", each)]
    return ["definition:", *told]


def _told(head: str, found: Estimate) -> list[str]:
    """An estimate behind its ``head``; the entries of an array stand as those of a closed form."""
    if not np.ndim(found.value):
        return [f"{head}{found}"]
    return show.value_in_lines(head, np.asarray(found.value).tolist(), f" ({found.words})")


def record(claim: Claim, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """{value, stderr, bias, draws, how}, or that by name; None where there is no value."""
    try:
        found = _estimates(claim, values, floats=True)
    except (NotImplementedError, DomainError):
        return None
    parts = {name: _plain(each) for name, each in found.items()}
    return parts.get("", parts)


def _estimates(claim: Claim, values: Mapping[str, Any], floats: bool) -> dict[str, Estimate]:
    found = claim.definition.estimate(values, floats=floats)
    return found if isinstance(found, dict) else {"": found}


def _is_small(claim: Claim, values: Mapping[str, Any]) -> bool:
    whole = {each.name for each in claim.parameters if isinstance(each.domain, Integer)}
    entries = sum(len(arguments.flat(x)) for x in values.values() if isinstance(x, list))
    return max([entries, *(values[name] for name in whole)]) <= SMALL


def _plain(each: Estimate) -> dict[str, Any]:
    parts = (each.value, each.stderr, each.bias)
    value, stderr, bias = (np.asarray(part).tolist() for part in parts)
    return {"value": value, "stderr": stderr, "bias": bias, "draws": each.draws, "how": each.how}
