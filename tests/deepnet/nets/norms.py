"""One batch, and a norm of each mode with the values that its formula gives on this batch."""

import math

import numpy as np
import pytest

from deepnet.nets.modes import (
    Active,
    Centring,
    Detached,
    DeviationDetached,
    Frozen,
    Ghost,
    MeanDetached,
    NoNorm,
    Power,
    Scaling,
)

EPS = 1e-3
RNG = np.random.default_rng(0)
X = RNG.normal(0.5, 2.0, (6, 3))
SCALE, SHIFT = RNG.normal(size=(2, 3))
GIVEN = {"a": (RNG.normal(size=3), RNG.uniform(1, 2, 3))}
MEAN, VARIANCE = X.mean(0), X.var(0)
SIGMA = np.sqrt(VARIANCE + EPS)


def of_power(power, raw):
    v = np.abs(X if raw else X - MEAN)
    n = v.max(0) if math.isinf(power) else (v**power).mean(0) ** (1 / power)
    return (X - MEAN) / np.sqrt(n**2 + EPS)


def in_groups(x, group):
    parts = [x[i : i + group] for i in range(0, len(x), group)]
    return np.concatenate([(p - p.mean(0)) / np.sqrt(p.var(0) + EPS) for p in parts])


FORMULAS = {
    NoNorm(): X,
    Active(EPS): (X - MEAN) / SIGMA,
    Detached(EPS): (X - MEAN) / SIGMA,
    Ghost(3, EPS): in_groups(X, 3),
    Ghost(0, EPS): (X - MEAN) / SIGMA,
    Power(1.0, eps=EPS): of_power(1.0, raw=False),
    Power(3.0, raw=True, eps=EPS): of_power(3.0, raw=True),
    Power(math.inf, eps=EPS): of_power(math.inf, raw=False),
    Centring(EPS): X - MEAN,
    Scaling(EPS): X / SIGMA,
    MeanDetached(EPS): (X - MEAN) / SIGMA,
    DeviationDetached(EPS): (X - MEAN) / SIGMA,
}
FROZEN = Frozen(GIVEN, EPS)
NORMS = [*FORMULAS, FROZEN]
USE_NO_BATCH = [NoNorm(), FROZEN]
each = pytest.mark.parametrize("norm", NORMS, ids=lambda norm: type(norm).__name__)
