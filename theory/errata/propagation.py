"""What the sources print wrongly about random deep nets."""

from companion.references import cite
from theory import propagation
from theory.erratum import Erratum

PAGE = "page2019"

E10 = Erratum(
    name="E10",
    kind="scope",
    printed="subtract the mean after each ReLU layer and rescale to restore the total variance; in "
    "this simple network both can be computed analytically, more generally as by frozen batch "
    "norm. With this fix in place, order is restored (pictures up to layer 50)",
    right="at infinite width it is, at every depth, and at any width with measured means and "
    "variances (frozen batch norm). With the analytic ones the fixed point q = 1 of the mean "
    "square is unstable from above, q becomes q + (sqrt q - 1)^2/(pi - 1), so that the "
    "fluctuations of a finite width grow with depth",
    counterexample="a layer of mean square 1.2 for 1: 50 layers later it is 3.06",
    claims=(
        propagation.shifted_mean_square,
        propagation.shifted_drift,
        propagation.mean_square_moments,
    ),
    reference=cite(PAGE, "With this fix in place, order is restored"),
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
