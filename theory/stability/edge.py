"""The edge of stability: descent goes where its own learning rate is just stable."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.claim import Derivation, claim
from theory.proofs.tactics import equal
from theory.proofs.unevaluated import value_at
from theory.stability.letters import SOURCE, eta, hess

beta = s.beta.symbol
OBSERVED = (
    "small tanh nets with the squared loss, trained with all examples at every step: the median "
    "over nets after 4,000 steps lies within two per cent of it; the band was fixed before the "
    "check's seeds, and the same nets at an eighth of the rate, which stay below it, lie outside "
    "theirs"
)


@claim(
    "observation",
    (s.eta,),
    (cite("cohen2021"), cite(SOURCE, "the highest stable learning rate")),
    (OBSERVED,),
)
def edge_of_stability() -> Derivation:
    """The largest curvature of a net that gradient descent trains at a fixed rate eta grows until
    it is 2/eta, where the rate is just stable. It hovers there while the loss falls on."""
    top = sp.Symbol("lambda", positive=True)
    return Derivation(
        definition=sp.Function("median")(
            sp.Function("lambda_max")(hess(sp.Symbol("L"), sp.Symbol("t")))
        ),
        closed_form=2 / eta,
        steps=(
            equal(
                "At the curvature 2/eta a step reverses the displacement, 1 - eta lambda = -1. "
                "So eta is the largest stable rate there.",
                value_at(1 - eta * top, {top: 2 / eta}),
                -1,
            ),
        ),
        twins={
            "the range without oscillation, 1/eta": 1 / eta,
            "twice that, as with the strongest momentum": 4 / eta,
        },
        missing="that training sharpens a net until there, and no further, is observed; it is "
        "derived for two weights only (stability.sharpness_found)",
    )


@claim(
    "observation",
    (s.eta, s.beta),
    (cite("cohen2021"), cite(SOURCE, "Adding momentum brings a little extra stability")),
    (OBSERVED,),
)
def edge_with_momentum() -> Derivation:
    """The largest curvature of a net that is trained with heavy-ball momentum at a fixed rate eta
    hovers at 2(1 + beta)/eta."""
    top, z = sp.Symbol("lambda", positive=True), sp.Symbol("z")
    mode = z**2 - (1 + beta - eta * top) * z + beta
    return Derivation(
        definition=sp.Function("median")(
            sp.Function("lambda_max")(hess(sp.Symbol("L"), sp.Symbol("t")))
        ),
        closed_form=2 * (1 + beta) / eta,
        steps=(
            equal(
                "At the curvature 2(1 + beta)/eta the polynomial of a mode has the root -1. So "
                "eta is the heavy ball's largest stable rate there "
                "(quadratic.max_rate_heavy_ball).",
                value_at(mode, {z: -1, top: 2 * (1 + beta) / eta}),
                0,
            ),
        ),
        twins={
            "without the gain of momentum": 2 / eta,
            "of averaged gradients": 2 * (1 + beta) / ((1 - beta) * eta),
            "of Nesterov's momentum": 2 * (1 + beta) / ((1 + 2 * beta) * eta),
        },
        missing="that training sharpens a net until there, and no further, is observed",
    )
