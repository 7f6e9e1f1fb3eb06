"""Where the loss and the gradient have their energy: the outlier's share."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest, smallest
from theory.proofs.rules import order
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems.interlacing import between_extreme_eigenvalues, product_of_lengths
from theory.spectra.letters import (
    ANYWHERE,
    CENTRED,
    INDEPENDENT,
    LARGE,
    MANY,
    POPULATION,
    SOURCE,
    TWO_OR_MORE,
    UNCORRELATED,
    E,
    N,
    R,
    alpha,
    j,
    limit_of,
    m,
    start,
    u,
    v,
    y,
)
from theory.spectra.shared_steps import fills, mean_and_rest, population_steps


@claim(
    "limit",
    (s.alpha,),
    (cite("ghorbani2019", "figure 12"), cite(SOURCE, "Figure 12")),
    (INDEPENDENT, CENTRED, LARGE, ANYWHERE),
)
def energy_cosine() -> Derivation:
    """The cosine between the gradient and the way to the optimum is (tr R/N)/sqrt(tr R^2/N) for a
    random start, with R the inputs' second-moment matrix. On the bulk this cosine is sqrt(alpha/(1
    + alpha))."""
    d = sp.MatrixSymbol("d", N, 1)
    squares = sp.Trace(d.T * d) * sp.Trace(d.T * R * R * d)
    return Derivation(
        definition=limit_of(E(sp.Trace(d.T * R * d) / sp.sqrt(squares))),
        closed_form=sp.sqrt(alpha / (1 + alpha)),
        steps=(
            equal(
                "On average dd' is I/N: d'Rd is tr R/N, d'd is 1 and |Rd|^2 is tr R^2/N,",
                R * d * d.T,
                R / N,
                {d * d.T: sp.Identity(N) / N},
            ),
            cited(
                "and quadratic forms of a random direction do not fluctuate: the variance of d'Ad "
                "is at most 2 tr A^2/N^2.",
                cite("vershynin2018", "theorem 6.2.1"),
            ),
            fills("tr R/N and tr R^2/N are v and v^2(1 + 1/alpha) (spectra.moments)."),
            equal(
                "Their variance over the mean's square vanishes.",
                sp.Limit(2 * v**2 * (1 + 1 / alpha) / N / v**2, N, sp.oo),
                0,
            ),
            equal(
                "The ratio.",
                v / sp.sqrt(v**2 * (1 + 1 / alpha)),
                sp.sqrt(alpha / (1 + alpha)),
            ),
        ),
        twins={
            "its square": alpha / (1 + alpha),
            "aligned": sp.Integer(1),
        },
    )


@claim(
    "bound",
    (s.R.within(kind="definite"), s.u),
    (cite("hornjohnson2013", "section 7.4, Kantorovich's inequality"),),
)
def energy_cosine_bound() -> Derivation:
    """The cosine between the gradient and the way to the optimum is at least 2 sqrt(kappa)/(1 +
    kappa), with kappa the condition number of R."""
    kappa = largest(R) / smallest(R)
    least, most, length = smallest(R), largest(R), sp.sqrt(sp.Trace(u.T * R * R * u))
    low, high, e = sp.symbols("lambda_min lambda_max e", positive=True)
    return Derivation(
        definition=sp.Trace(u.T * R * u) / sp.sqrt(sp.Trace(u.T * R * R * u)),
        closed_form={"lower": 2 * sp.sqrt(kappa) / (1 + kappa), "upper": sp.Integer(1)},
        steps=(
            cited(
                "All eigenvalues lie between lambda_min and lambda_max, so "
                "u'(R - lambda_min I)(lambda_max I - R)u is not negative, which is",
                cite("hornjohnson2013", "section 7.2"),
            ),
            equal(
                "|Ru|^2 <= (lambda_min + lambda_max) u'Ru - lambda_min lambda_max for a unit u.",
                u.T * (R - low * sp.Identity(N)) * (high * sp.Identity(N) - R) * u,
                (low + high) * u.T * R * u - low * high * sp.Identity(1) - u.T * R * R * u,
                {u.T * u: sp.Identity(1)},
            ),
            equal(
                "With e = u'Ru the squared cosine e^2/|Ru|^2 is therefore at least e^2 over "
                "(lambda_min + lambda_max) e - lambda_min lambda_max. This quotient is at least "
                "4 lambda_min lambda_max/(lambda_min + lambda_max)^2, since the difference is a "
                "square over positive factors.",
                e**2 * (low + high) ** 2 - 4 * low * high * ((low + high) * e - low * high),
                ((low + high) * e - 2 * low * high) ** 2,
            ),
            equal(
                "That is the square of the stated bound, kappa = lambda_max/lambda_min.",
                4 * low * high / (low + high) ** 2,
                (2 * sp.sqrt(high / low) / (1 + high / low)) ** 2,
            ),
            equal(
                "It is attained by the u whose squares along the two outer eigenvectors are "
                "(lambda_max, lambda_min)/(lambda_min + lambda_max).",
                (low * high + high * low) ** 2
                / (low + high) ** 2
                / ((low**2 * high + high**2 * low) / (low + high)),
                4 * low * high / (low + high) ** 2,
            ),
            cited(
                "The upper bound is Cauchy's inequality.", cite("hornjohnson2013", "section 0.6")
            ),
        ),
        twins={
            "1/sqrt(kappa)": {"lower": 1 / sp.sqrt(kappa), "upper": sp.Integer(1)},
            "its square": {"lower": 4 * kappa / (1 + kappa) ** 2, "upper": sp.Integer(1)},
        },
        chain=chain(
            outputs={
                "lower": (
                    because(
                        "u'(R - lambda_min)(lambda_max - R)u is not negative.",
                        between_extreme_eigenvalues(R, u, 1 / ((least + most) * length)),
                        (length**2 + least * most) / ((least + most) * length),
                        ">=",
                    ),
                    because(
                        "A mean is at least the geometric one.",
                        order.gap(
                            is_=(length - sp.sqrt(least * most)) ** 2 / ((least + most) * length)
                        ),
                        relation=">=",
                    ),
                ),
                "upper": (
                    because(
                        "Cauchy's inequality.",
                        product_of_lengths(u, R * u, 1 / length),
                        sp.sqrt(inner(u, u)) * sp.sqrt(inner(R * u, R * u)) / length,
                        "<=",
                    ),
                    calculated("The direction has the length 1."),
                ),
            }
        ),
    )


@claim(
    "identity",
    (TWO_OR_MORE, s.m, s.v),
    (cite("ghorbani2019"), cite(SOURCE, "almost 50% of L1 energy")),
    (UNCORRELATED, MANY),
)
def energy_l1() -> Derivation:
    """The outlier's share of the sum of all eigenvalues, the L1 energy of the Hessian, is (N m^2 +
    v)/(N (m^2 + v)). For large N the share tends to m^2/(m^2 + v), which is one half where m^2 =
    v."""
    return Derivation(
        definition=largest(POPULATION) / sp.Trace(POPULATION),
        closed_form=(N * m**2 + v) / (N * (m**2 + v)),
        steps=(
            *population_steps(),
            equal("The sum of all eigenvalues.", N * m**2 + v + (N - 1) * v, N * (m**2 + v)),
            equal(
                "For large N the share is m^2/(m^2 + v),",
                sp.Limit((N * m**2 + v) / (N * (m**2 + v)), N, sp.oo),
                m**2 / (m**2 + v),
            ),
            equal("one half where m^2 = v.", (m**2 / (m**2 + v)).subs(v, m**2), sp.Rational(1, 2)),
        ),
        twins={
            "its limit m^2/(m^2 + v)": m**2 / (m**2 + v),
            "one of N": 1 / N,
        },
        chain=chain(mean_and_rest()),
    )


@claim(
    "identity",
    (TWO_OR_MORE, s.m, s.v),
    (cite("ghorbani2019", "figure 11"), cite(SOURCE, "almost all of the gradient energy")),
    (
        UNCORRELATED,
        MANY,
        ANYWHERE,
    ),
)
def energy_gradient() -> Derivation:
    """The outlier's share of the gradient's expected squared length is (N m^2 + v)^2/((N m^2 + v)^2
    + (N - 1) v^2). This share is 1 - O(1/N)."""
    out = N * m**2 + v
    share = out**2 / (out**2 + (N - 1) * v**2)
    d = sp.MatrixSymbol("d", N, 1)
    return Derivation(
        definition=largest(POPULATION) ** 2 / sp.Trace(POPULATION**2),
        closed_form=share,
        steps=(
            *population_steps(),
            equal(
                "The gradient is R d; on average dd' is start^2 I/N, so the energies along the "
                "eigenvectors are as the squared eigenvalues.",
                R * d * d.T * R,
                start**2 / N * R * R,
                {d * d.T: start**2 / N * sp.Identity(N)},
            ),
            equal(
                "The sum of the squares, one of them the outlier's: the trace of R^2.",
                sp.Sum(v**2, (j, 1, N - 1)) + out**2,
                out**2 + (N - 1) * v**2,
            ),
            equal(
                "What lies elsewhere is of order 1/N: N times it tends to v^2/m^4.",
                sp.Limit((N * (1 - share)).subs(m, y), N, sp.oo),
                v**2 / y**4,
            ),
        ),
        twins={
            "the share of the L1 energy": out / (N * (m**2 + v)),
            "eigenvalues not squared": out / (out + (N - 1) * v**2),
        },
        chain=chain(mean_and_rest()),
    )
