"""Signs that the kernel sees."""

from theory import symbols as s
from theory.functions.columns import inner
from theory.functions.constants import ones
from theory.normalisation.letters import STANDARDISED, B
from theory.proofs.kernel.decide import Kernel

y, g = s.y.symbol, s.g.symbol
#: g less its parts along 1 and along the outputs.
LEFT = g - inner(ones(B, 1), g) / B * ones(B, 1) - inner(STANDARDISED, g) / B * STANDARDISED


def test_a_squared_length_whose_sign_its_coordinates_do_not_show() -> None:
    kernel = Kernel((s.y, s.g))
    assert kernel.nonnegative(B * inner(LEFT, LEFT))
    assert not kernel.nonnegative(-inner(LEFT, LEFT))
    assert not kernel.nonnegative(inner(LEFT, g - 2 * LEFT))
    assert not kernel.has_sign(inner(LEFT, LEFT), "is_positive")
