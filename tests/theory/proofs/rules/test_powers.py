"""Powers by induction: what the rule accepts and refuses."""

from typing import Any

import sympy as sp

from theory import symbols as s
from theory.functions.constants import eye
from theory.functions.matrices import kron, trace
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules.powers import power_by_induction

A, S, U, k, N = s.A.symbol, s.S.symbol, s.U.symbol, s.k.symbol, s.N.symbol
BOTH = kron(A, S)


def holds(left: Any, right: Any, of: Any, is_: Any, count: Any = k) -> bool:
    use = power_by_induction(of=of, count=count, is_=is_)
    return use.holds(Kernel((s.A, s.S, s.U)), left, right, "=")


def test_a_product_and_a_turned_matrix() -> None:
    powers = kron(A**k, S**k)
    assert holds(trace(BOTH**k), trace(A**k) * trace(S**k), BOTH, powers)
    assert not holds(trace(BOTH**k), sp.Rational(21, 20) * trace(powers), BOTH, powers)
    assert holds((U * A * U.T) ** k, U * A**k * U.T, U * A * U.T, U * A**k * U.T)


def test_what_is_no_power() -> None:
    assert not holds(BOTH**k, kron(A**k, S), BOTH, kron(A**k, S))
    assert not holds(BOTH**k, kron(S**k, A**k), BOTH, kron(S**k, A**k))
    assert not holds(A**k, 2 * A**k, A, 2 * A**k)  # the step holds, the start does not
    assert not holds(A**k, eye(N), A, eye(N))  # the start holds, the step does not
    assert not holds(A**k, A**k, S, S**k)  # nothing of S stands there
    real = sp.Symbol("r", real=True)
    assert not holds(A**real, A**real * eye(N), A, A**real, real)
