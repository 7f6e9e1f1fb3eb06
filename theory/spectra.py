"""The spectrum of R = XX'/p for inputs drawn at random: mean m, variance v, alpha = p/N."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.claim import Derivation, claim
from theory.proof import equal

SEED = "whybatchnorm"
N, alpha, m, v = s.N.symbol, s.alpha.symbol, s.m.symbol, s.v.symbol


@claim(
    "limit",
    (s.N, s.alpha, s.m, s.v),
    (cite("benaychgeorges2012", "theorem 2.8"), cite(SEED, "lambda_N")),
    ("independent inputs with mean m, variance v and finite fourth moment", "N, p to infinity"),
)
def outlier() -> Derivation:
    """Inputs with a mean push one eigenvalue out of the bulk: with t = N m^2,
    lambda_out = (v + t)(v/alpha + t)/t once t > v/sqrt(alpha); below, the largest eigenvalue
    stays at the bulk's upper edge v(1 + sqrt alpha)^2/alpha."""
    t = N * m**2
    out = (v + t) * (v / alpha + t) / t
    edge = v * (1 + sp.sqrt(alpha)) ** 2 / alpha
    return Derivation(
        definition=sp.Symbol("E[lambda_max]"),
        closed_form=sp.Piecewise((out, t > v / sp.sqrt(alpha)), (edge, True)),
        steps=(
            equal(
                "At the threshold the outlier meets the edge.",
                out.subs(m, sp.sqrt(v / sp.sqrt(alpha) / N)),
                edge,
            ),
        ),
        twins={"population value N m^2 + v": N * m**2 + v},
    )
