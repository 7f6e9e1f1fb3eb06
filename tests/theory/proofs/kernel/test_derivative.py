"""The derivative along a line in the kernel: of what is written out, and of nothing else."""

import pytest

from theory import symbols as s
from theory.functions.columns import inner, power_mean, signed_power
from theory.functions.eigenvalues import largest
from theory.functions.heads import grad
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import calculus

y, g = s.y.symbol, s.g.symbol


def test_the_gradient_of_a_form_is_found() -> None:
    kernel = Kernel((s.y, s.g))
    assert calculus.gradient().holds(kernel, grad(inner(y, y) / 2, y), y, "=")
    assert not calculus.gradient().holds(kernel, grad(inner(y, y) / 2, y), 2 * y, "=")


@pytest.mark.parametrize(
    "value", [inner(g, signed_power(y, 3)), power_mean(y, 3), largest(y * y.T)], ids=str
)
def test_what_the_kernel_keeps_as_a_letter_has_no_derivative(value: object) -> None:
    with pytest.raises(NotImplementedError, match="no derivative"):
        calculus.gradient().holds(Kernel((s.y, s.g)), grad(value, y), 0 * y, "=")
