"""Random points of the domain of a claim, each by its seed alone."""

import math
from typing import Any

import numpy as np

from tests.strategies import fulfils, is_plain, letters, lowest
from theory.claim import Claim
from theory.domain import Array, Integer, Parameter

#: Sizes and counts above their lowest: definitions are differenced, drawn or searched at each.
SPREAD = 4
#: Sizes from which a definition has a value: of one input there is no direction across mu.
FROM = {"stability.class_outliers": {"N": 2}}
#: How often a point that breaks a condition is drawn again.
TRIES = 200


def at_random(claim: Claim, seed: int) -> dict[str, Any]:
    """A point of the typical part of a domain that meets the conditions of the claim.

    Numbers are uniform, entries of matrices normal, sizes at most four above their lowest. Matrices
    that break a condition are halved a few times, since a ball around 0 is the usual condition.
    """
    random = np.random.default_rng([seed, *map(ord, claim.name)])
    for _ in range(TRIES):
        least = {letter: lowest(letter) for letter in letters(claim)} | FROM.get(claim.name, {})
        sizes = {letter: _whole(random, low) for letter, low in least.items()}
        point = {each.name: _value(each, sizes, random) for each in claim.parameters}
        for _ in range(8):
            if fulfils(claim, point):
                return point
            point = {
                each.name: point[each.name] / 2 if is_plain(each) else point[each.name]
                for each in claim.parameters
            }
    raise ValueError(f"{TRIES} points break the conditions of {claim.name}")


def _whole(random: np.random.Generator, low: int, high: float = math.inf) -> int:
    return int(random.integers(low, min(low + SPREAD, high), endpoint=True))


def _value(parameter: Parameter, sizes: dict[str, int], random: np.random.Generator) -> Any:
    domain = parameter.domain
    if isinstance(domain, Array):
        return _array(domain, sizes, random)
    if isinstance(domain, Integer):
        return sizes.get(parameter.name, _whole(random, domain.low, domain.high))
    low, high = max(domain.low, domain.typical[0]), min(domain.high, domain.typical[1])
    return float(low + (high - low) * (1 - random.random()))  # without the lower end


def _array(domain: Array, sizes: dict[str, int], random: np.random.Generator) -> np.ndarray:
    rows = sizes[str(domain.rows)]
    columns = 1 if domain.columns == 1 else sizes[str(domain.columns)]
    plain = random.standard_normal((rows, columns))
    if domain.kind == "unit":
        return plain / np.linalg.norm(plain)
    if domain.kind == "symmetric":
        return (plain + plain.T) / 2
    if domain.kind == "diagonal":
        signs = random.choice([-1.0, 1.0], rows)
        return np.diag(signs * random.uniform(0.25, 4, rows))
    if domain.kind == "orthogonal":
        return np.linalg.qr(plain)[0]
    if domain.kind in ("psd", "definite", "invertible"):
        definite = plain @ plain.T + (domain.kind != "psd") * np.eye(rows)
        turned = domain.kind == "invertible"
        return (
            definite @ np.linalg.qr(random.standard_normal((rows, rows)))[0] if turned else definite
        )
    return plain
