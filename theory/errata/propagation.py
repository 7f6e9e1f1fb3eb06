"""What the sources print wrongly about random deep nets."""

from collections.abc import Callable

from companion.references import cite
from theory import propagation
from theory.erratum import Erratum

PAGE = "page2019"
#: A layer whose mean square came out a fifth too large, as it does at finite width.
TOO_LARGE = 1.2


def after_50_layers(next_level: Callable[..., float]) -> float:
    """The mean square 50 layers above ``TOO_LARGE``."""
    level = TOO_LARGE
    for _ in range(50):
        level = next_level(q=level)
    return level


E10 = Erratum(
    name="E10",
    kind="counterexample",
    printed="subtract the mean after each ReLU layer and rescale, both computed analytically, and "
    "order is restored at every depth",
    right="only at infinite width: the fixed point q = 1 of the mean square is unstable from "
    "above, q becomes q + (sqrt q - 1)^2/(pi - 1), so that the fluctuations of a finite width "
    "grow without bound; measured means and variances (frozen batch norm) do restore order",
    counterexample="a layer of mean square 1.2 for 1: the mean square 50 layers later",
    claims=(
        propagation.shifted_mean_square,
        propagation.shifted_drift,
        propagation.mean_square_moments,
    ),
    reference=cite(PAGE, "With this fix in place, order is restored"),
    printed_value=lambda: after_50_layers(
        propagation.shifted_mean_square.twins[
            "printed: order is restored, the mean square is q again"
        ]
    ),
    right_value=lambda: after_50_layers(propagation.shifted_mean_square),
)

E26 = Erratum(
    name="E26",
    kind="counterexample",
    printed="at sufficient depth a fixed point is reached where there is no more variance within "
    "channels",
    right="it is approached as a power of depth and never reached: the share within the channels "
    "of layer l falls as 9 pi^2/(2 l^2)",
    counterexample="the share of the variance that is left within the channels of layer 50",
    claims=(
        propagation.between_share,
        propagation.within_decay,
        propagation.correlation_bounds,
    ),
    reference=cite(PAGE, "At sufficient depth a fixed point is reached"),
    printed_value=lambda: 1 - propagation.between_share.twins["printed: all of it"](depth=50),
    right_value=lambda: 1 - propagation.between_share(depth=50),
)
