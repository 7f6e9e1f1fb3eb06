"""What the kernel says does not depend on which side it reads first."""

import sympy as sp

from theory import symbols as s
from theory.functions.columns import inner, variance
from theory.functions.constants import ones
from theory.normalisation.letters import BATCH, B, centred
from theory.proofs.kernel.decide import Kernel

X, W, mu = BATCH.symbol, s.W.symbol, s.mu.symbol
OUTPUTS = X.T * W
MOVED = centred((X + mu * ones(B, 1).T).T * W)  # X'W + (mu'W) 1, less its mean
SQUARES = inner(MOVED, MOVED)


def kernel() -> Kernel:
    return Kernel((BATCH, s.W, s.mu))


def test_a_column_that_the_other_side_gives_coordinates() -> None:
    """One side holds X'W as a product, the other asks for its variance."""
    assert kernel().same(SQUARES, B * variance(OUTPUTS))
    assert kernel().same(B * variance(OUTPUTS), SQUARES)


def test_what_is_false_stays_false() -> None:
    assert not kernel().same(SQUARES, sp.Rational(21, 20) * B * variance(OUTPUTS))
    assert not kernel().same(SQUARES, (B - 1) * variance(OUTPUTS))
    assert not kernel().same(SQUARES, B * variance(X.T * mu))
