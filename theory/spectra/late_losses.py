"""Gradient flow on a bulk that begins at zero: the loss at late times."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.functions.matrices import exponential
from theory.functions.numbers import scaled_bessel
from theory.proofs.rules import chance, large, substitution
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems.special_functions import bessel_at_large, poisson_integral
from theory.proofs.unevaluated import value_at
from theory.spectra.letters import (
    CENTRED,
    INDEPENDENT,
    INSIDE,
    LARGE,
    RANDOM_START,
    A,
    Z,
    alpha,
    first_order,
    lam,
    limit,
    phi,
    start,
    t,
    v,
    x,
    z,
)
from theory.spectra.random_starts import (
    START_IS_RANDOM,
    excess,
    mean_of,
    mean_of_start,
)
from theory.spectra.shared_steps import (
    INTO_THE_BULK,
    fills,
    over_eigenvalues,
    waves,
)


@claim(
    "limit",
    (s.v, s.t, s.start),
    (cite("paquette2020"),),
    (INDEPENDENT, CENTRED, LARGE, "p = N", "time to infinity"),
)
def average_loss_power_law() -> Derivation:
    """With as many examples as inputs (alpha = 1) the mean excess loss of gradient flow falls as a
    power of time, t^(-3/2). For large t the loss is start^2 v/(x sqrt(2 pi x)) with x = 4vt."""
    argument = 4 * v * t
    loss = start**2 / 2 * lam * sp.exp(-2 * lam * t)
    front = start**2 * v / sp.pi * sp.exp(-4 * v * x)
    tail = sp.Limit(sp.sqrt(z) * sp.exp(-z) * sp.besseli(1, z), z, sp.oo)

    def late(function: sp.Expr) -> sp.Expr:
        return sp.Limit(sp.sqrt(x) ** 3 * function, x, sp.oo) / sp.sqrt(t) ** 3

    square, flow_to_x = Z.subs(alpha, 1), exponential(-x * A)
    function = flow_to_x * A * flow_to_x
    mean, theorem = mean_of(function, square), over_eigenvalues(function, square)
    power_law = start**2 * v / (argument * sp.sqrt(2 * sp.pi * argument))
    flow = start**2 * v / argument * scaled_bessel(1, argument)
    return Derivation(
        definition=late(excess(flow_to_x, square)),
        closed_form=power_law,
        steps=(
            mean_of_start(),
            fills(),
            equal(
                "At alpha = 1 the bulk begins at zero. There lam rho(lam) is sqrt(lam)/(pi "
                "sqrt v) to leading order.",
                sp.Limit(value_at(lam * INSIDE, {alpha: 1}) / sp.sqrt(lam), lam, 0),
                1 / (sp.pi * sp.sqrt(v)),
            ),
            cited(
                "At late times the beginning of the bulk alone counts, by Watson's lemma",
                cite("dlmf", "section 2.3(ii)"),
            ),
            equal(
                "The integral of sqrt(lam)/(pi sqrt v) against exp(-2 lam t), times "
                "start^2/2, is the power law.",
                start**2
                / 2
                * sp.Integral(
                    sp.sqrt(lam) / (sp.pi * sp.sqrt(v)) * sp.exp(-2 * lam * t), (lam, 0, sp.oo)
                ),
                power_law,
            ),
        ),
        twins={"half of it": power_law / 2, "t^(-1/2)": power_law * argument},
        chain=chain(
            because(
                START_IS_RANDOM,
                large.under_limit(by=chance.expectation()),
                late(limit(start**2 / 2 * mean)),
            ),
            because(
                "The factor leaves the limit over the sizes.",
                large.under_limit(
                    by=large.continuous(
                        of=limit(start**2 / 2 * mean), is_=start**2 / 2 * limit(mean)
                    )
                ),
                late(start**2 / 2 * limit(mean)),
            ),
            because(INTO_THE_BULK, theorem, late(start**2 / 2 * theorem.statement().right)),
            because(
                "Put lam = 2v + 2v cos phi: the root in the density becomes 2v sin phi.",
                large.under_limit(by=substitution.substitution(image=2 * v * (1 + sp.cos(phi)))),
                late(front * waves(sp.exp(-4 * v * x * sp.cos(phi)))),
            ),
            because(
                "The integral is Poisson's integral of the Bessel function I_1.",
                poisson_integral(1, 4 * v * x, phi),
                late(front * sp.pi / (4 * v * x) * sp.besseli(1, 4 * v * x)),
            ),
            because(
                "Put z = 4vx.",
                substitution.scaled_limit(scale=4 * v),
                start**2 / (8 * sp.sqrt(v)) * tail / sp.sqrt(t) ** 3,
            ),
            because("At large z I_1(z) is exp(z)/sqrt(2 pi z).", bessel_at_large(1, z)),
            laws=RANDOM_START,
        ),
        finite_size=flow - power_law + first_order(loss).subs(alpha, 1),
    )
