"""Descent on the bulk from a random start: the loss on average."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.functions.matrices import exponential
from theory.functions.numbers import scaled_bessel
from theory.proofs.rules import binomials, functions, substitution
from theory.proofs.tactics import equal
from theory.proofs.theorems.special_functions import poisson_integral
from theory.proofs.unevaluated import value_at
from theory.spectra.letters import (
    ANYWHERE,
    CENTRE,
    CENTRED,
    INDEPENDENT,
    LARGE,
    LOWER,
    RADIUS,
    RANDOM_START,
    A,
    alpha,
    eta,
    first_order,
    j,
    k,
    lam,
    phi,
    r,
    start,
    t,
    v,
    x,
)
from theory.spectra.random_starts import (
    descended,
    excess,
    from_the_start,
    mean_of_start,
)
from theory.spectra.shared_steps import (
    catalan,
    circle,
    fills,
    on_the_circle,
    waves,
)


@claim(
    "limit",
    (s.alpha, s.v, s.eta, s.k.within(high=10**7), s.start),
    (cite("paquette2020"),),
    (INDEPENDENT, CENTRED, LARGE, ANYWHERE),
)
def average_loss() -> Derivation:
    """The mean excess loss after k steps of descent from a random start is (start^2 v/2) sum_j
    C(2k,2j) Cat_j (1 - eta lambda_c)^(2k-2j) (eta r/2)^(2j), j = 0 ... k. Here lambda_c = v(1 +
    1/alpha) and r = 2v/sqrt alpha are the bulk's centre and radius, and Cat_j = C(2j,j)/(j + 1) is
    a Catalan number. At eta = 1/lambda_c the loss is (start^2 v/2) Cat_k (sqrt alpha/(1 +
    alpha))^(2k)."""
    term = (
        sp.binomial(2 * k, 2 * j)
        * catalan(j)
        * (1 - eta * CENTRE) ** (2 * k - 2 * j)
        * (eta * RADIUS / 2) ** (2 * j)
    )
    loss = start**2 / 2 * lam * (1 - eta * lam) ** (2 * k)
    closed = start**2 * v / 2 * sp.Sum(term, (j, 0, k))
    front, rest, shrink = start**2 * v / sp.pi, 1 - eta * CENTRE, -eta * RADIUS
    cosines = waves(sp.cos(phi) ** j)
    powers = sp.binomial(2 * k, j) * rest ** (2 * k - j) * shrink**j
    squares = cosines.subs(j, 2 * j)
    by = (2 * j + 4, 2 * j + 1, sp.cos(phi) ** (2 * j + 1) * sp.sin(phi) ** 3)
    even, mean = powers.subs(j, 2 * j), sp.pi / 2 * catalan(j) / 4**j
    return Derivation(
        definition=excess(descended(eta, k)),
        closed_form=closed,
        steps=(
            mean_of_start(),
            fills(),
            *circle(),
            equal(
                "Expand (1 - eta lambda_c - eta r cos phi)^(2k) by the binomial theorem. "
                "The power cos^(2j) in a term has the mean a_j, whose 4^(-j) cancels the "
                "2^(2j) of (eta r)^(2j).",
                sp.binomial(2 * k, 2 * j)
                * (1 - eta * CENTRE) ** (2 * k - 2 * j)
                * (eta * RADIUS) ** (2 * j)
                * catalan(j)
                / 4**j,
                term,
            ),
            equal(
                "At eta = 1/lambda_c the factor 1 - eta lambda_c is zero, so the term j = k "
                "alone is left.",
                value_at(value_at(term, {j: k}), {eta: 1 / CENTRE}),
                catalan(k) * (sp.sqrt(alpha) / (1 + alpha)) ** (2 * k),
            ),
        ),
        twins={
            "all eigenvalues v": start**2 * v / 2 * (1 - eta * v) ** (2 * k),
            "without the half": 2 * closed,
        },
        chain=chain(
            *from_the_start(descended(eta, k)),
            on_the_circle(front * waves((rest + shrink * sp.cos(phi)) ** (2 * k))),
            because(
                "Expand by the binomial theorem and integrate term by term.",
                binomials.binomial_theorem(constant=rest, factor=shrink, moving=sp.cos(phi)),
                front * sp.Sum(powers * cosines, (j, 0, 2 * k)),
            ),
            because(
                "Odd powers of the cosine have the integral zero, so even powers alone are left.",
                binomials.odd_terms_vanish(),
                front * sp.Sum(even * squares, (j, 0, k)),
            ),
            because(
                "The integrals of even powers follow a recursion, which Catalan numbers "
                "over 4^j solve.",
                substitution.recursion(of=squares, is_=mean, by=by, index=j),
                front * sp.Sum(even * mean, (j, 0, k)),
            ),
            because("Collect the powers of pi and of 2.", binomials.term_by_term()),
            laws=RANDOM_START,
        ),
        finite_size=first_order(loss),
    )


@claim(
    "limit",
    (s.alpha, s.v, s.t, s.start),
    (cite("paquette2020"),),
    (INDEPENDENT, CENTRED, LARGE, ANYWHERE),
)
def average_loss_flow() -> Derivation:
    """The mean excess loss after time t of gradient flow from a random start is (start^2 v/2)
    exp(-2 lambda_c t) I_1(x)/(x/2). Here lambda_c = v(1 + 1/alpha) is the bulk's centre, x =
    4vt/sqrt alpha, and I_1 is the modified Bessel function."""
    argument = 4 * v * t / sp.sqrt(alpha)
    front = start**2 * v / sp.pi * sp.exp(-2 * CENTRE * t)
    loss = start**2 / 2 * lam * sp.exp(-2 * lam * t)
    return Derivation(
        definition=excess(exponential(-t * A)),
        closed_form=start**2
        * v
        / 2
        * sp.exp(-2 * LOWER * t)
        * scaled_bessel(1, argument)
        / (argument / 2),
        steps=(
            mean_of_start(),
            fills(),
            *circle(),
            equal(
                "The factor exp(-2 lam t) is exp(-2 lambda_c t) exp(-x cos phi) with x = "
                "2rt. In the series of exp(-x cos phi) the power cos^(2j) has the mean a_j, "
                "so its term has the mean (x/2)^(2j)/(j! (j + 1)!).",
                x ** (2 * j) / sp.factorial(2 * j) * catalan(j) / 4**j,
                (x / 2) ** (2 * j) / (sp.factorial(j) * sp.factorial(j + 1)),
            ),
            equal(
                "The sum of these means is the series of I_1(x)/(x/2).",
                sp.Sum((x / 2) ** (2 * j) / (sp.factorial(j) * sp.factorial(j + 1)), (j, 0, sp.oo)),
                sp.besseli(1, x) / (x / 2),
            ),
            equal(
                "The argument x = 2rt is 4vt/sqrt alpha, since the radius r is 2v/sqrt alpha.",
                value_at(2 * r * t, {r: RADIUS}),
                argument,
            ),
            equal(
                "The exponents of exp(-2 lambda_c t) and exp(x) add up: 2 lambda_c t - x is "
                "2 lambda- t, with the lower edge lambda-. So the scaled Bessel function "
                "exp(-x) I_1(x) stands in the closed form.",
                2 * CENTRE * t - argument,
                2 * LOWER * t,
            ),
        ),
        twins={
            "all eigenvalues v": start**2 * v / 2 * sp.exp(-2 * v * t),
            "I_0 for I_1": start**2 * v / 2 * sp.exp(-2 * LOWER * t) * scaled_bessel(0, argument),
        },
        chain=chain(
            *from_the_start(exponential(-t * A)),
            on_the_circle(front * waves(sp.exp(-argument * sp.cos(phi)))),
            because(
                "The integral is Poisson's integral of the Bessel function I_1.",
                poisson_integral(1, argument, phi),
                front * sp.pi / argument * sp.besseli(1, argument),
            ),
            because(
                "With x = 4vt/sqrt alpha, I_1(x) is exp(x) times the scaled Bessel function, "
                "and 2 lambda_c t - x is 2 lambda- t, with the lower edge lambda-.",
                functions.scaled_bessels(),
            ),
            laws=RANDOM_START,
        ),
        finite_size=first_order(loss),
    )
