"""Extremes: how far the outputs of a batch reach, and its largest deviation."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Reached, because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner, largest_size
from theory.functions.heads_of_chance import E, Prob
from theory.laws import Normal, gaussian_column
from theory.normalisation.letters import (
    GROSSE,
    NUMBER,
    ONES,
    PROJECTOR,
    STANDARD,
    STANDARDISED,
    B,
    one,
    yhat,
)
from theory.normalisation.noise import OUTPUT_B, axis
from theory.normalisation.norms import OTHER_NORMS
from theory.proofs.rules import areas, chance, columns, integrals, tails
from theory.proofs.rules import order as orders
from theory.proofs.tactics import equal, positive
from theory.proofs.unevaluated import derivative, value_at


@claim(
    "bound",
    (s.y,),
    (cite("samuelson1968"), cite(GROSSE, "BN(X)")),
    ("eps = 0",),
)
def samuelson() -> Derivation:
    """No output of batch norm over B examples exceeds sqrt(B - 1) in size, and the largest is never
    below 1. The bound sqrt(B - 1) is reached where all other examples agree, the bound 1 where all
    outputs are 1 or -1."""
    output = sp.Symbol("yhat_b", real=True)
    here = {
        **STANDARD,
        axis.T * axis: NUMBER,
        one.T * axis: NUMBER,
        axis.T * one: NUMBER,
        yhat.T * axis: output * NUMBER,
        axis.T * yhat: output * NUMBER,
    }
    i = sp.Symbol("i", integer=True, positive=True)
    shortfall = sp.IndexedBase("a", nonnegative=True)
    part = axis - ONES / B - OUTPUT_B / B * STANDARDISED  # Pi e
    return Derivation(
        definition=largest_size(STANDARDISED),
        closed_form={"lower": sp.Integer(1), "upper": sp.sqrt(B - 1)},
        steps=(
            equal(
                "Take the axis e of example b and the projector Pi = I - 11'/B - yhat "
                "yhat'/B. B times the squared length of Pi e is B - 1 - yhat_b^2, which is "
                "therefore never negative.",
                (B - 1 - output**2) * NUMBER,
                B * (PROJECTOR * axis).T * (PROJECTOR * axis),
                here,
            ),
            equal(
                "If all |yhat_i| were below 1, |yhat_i| = 1 - a_i, the sum of the squares "
                "would be below B by the sum of a_i (2 - a_i) > 0. But the sum yhat'yhat is "
                "B.",
                B - sp.Sum((1 - shortfall[i]) ** 2, (i, 1, B)),
                sp.Sum(shortfall[i] * (2 - shortfall[i]), (i, 1, B)),
            ),
        ),
        twins={
            "sqrt(B)": {"lower": sp.Integer(1), "upper": sp.sqrt(B)},
            "as many deviations as the square root of B/2": {
                "lower": sp.Integer(1),
                "upper": sp.sqrt(B / 2),
            },
            "one more from below": {"lower": 1 + 1 / B, "upper": sp.sqrt(B - 1)},
        },
        chain=chain(
            outputs={
                "lower": (
                    because(
                        "The largest output in size is not below the root of the mean square.",
                        columns.largest_and_mean(),
                        sp.sqrt(inner(STANDARDISED, STANDARDISED) / B),
                        ">=",
                    ),
                    calculated("The squares of the outputs add up to B."),
                ),
                "upper": (
                    because(
                        "The largest size is the size of the output of some example b, "
                        "whose axis is e.",
                        columns.reached(),
                        sp.Abs(OUTPUT_B),
                    ),
                    because(
                        "The number B - 1 - yhat_b^2 is B |Pi e|^2, which is never negative.",
                        orders.square_gap(is_=B * inner(part, part)),
                        relation="<=",
                    ),
                ),
            },
            axes=(axis,),
            reached={
                "lower": Reached({"y": [1, -1, 1, -1]}),
                "upper": Reached({"y": [1, 0, 0, 0]}),
            },
        ),
    )


@claim(
    "identity",
    (s.B.within(high=10**12),),
    OTHER_NORMS,
    ("a batch of independent standard normal outputs",),
)
def largest_deviation() -> Derivation:
    """The largest absolute value of B independent standard normal numbers is on average the
    integral over x > 0 of 1 - erf(x/sqrt 2)^B, which is 2.35 for B = 32 and always below sqrt(2
    ln(2B)). Normalising by the largest deviation makes outputs smaller by this factor."""
    x, size = sp.symbols("x b", positive=True)
    closed = sp.Integral(1 - sp.erf(x / sp.sqrt(2)) ** B, (x, 0, sp.oo))
    either = sp.Symbol("z", real=True)
    density = sp.exp(-(either**2) / 2) / sp.sqrt(2 * sp.pi)
    rate, share = sp.Symbol("lam", positive=True), sp.Symbol("a", positive=True)
    bound = sp.log(2 * size) / rate + rate / 2
    numbers = sp.MatrixSymbol("z_B", B, 1)
    largest = largest_size(numbers)
    one = Prob(sp.And(-x <= either, either <= x))
    erf = sp.erf(either / sp.sqrt(2)) / 2
    within = sp.Integral(Normal().density(either), (either, -x, x))
    whole = (x, 0, sp.oo)
    return Derivation(
        definition=E(largest),
        closed_form=closed,
        steps=(
            equal(
                "One number is at most x in size with the probability erf(x/sqrt 2). All B "
                "numbers are at most x with the B-th power of this probability, F(x).",
                sp.Integral(density, (either, -x, x)),
                sp.erf(x / sp.sqrt(2)),
            ),
            equal(
                "The mean of a positive number is the integral of x dF. The derivative of x "
                "(1 - F) is 1 - F - x F', so an integration by parts turns the integral of "
                "x dF into the integral of 1 - F.",
                derivative(x * (1 - sp.erf(x / sp.sqrt(2)) ** size), x),
                1
                - sp.erf(x / sp.sqrt(2)) ** size
                - x * derivative(sp.erf(x / sp.sqrt(2)) ** size, x),
            ),
            equal(
                "The function x (1 - F) vanishes at infinity, shown for B = 2, as it does "
                "at 0. So it adds nothing to the integral.",
                sp.Limit(x * (1 - sp.erf(x / sp.sqrt(2)) ** 2), x, sp.oo),
                0,
            ),
            equal(
                "By Jensen's inequality exp(lam E max) <= 2B E exp(lam z), and E exp(lam z) "
                "is exp(lam^2/2).",
                sp.Integral(density * sp.exp(rate * either), (either, -sp.oo, sp.oo)),
                sp.exp(rate**2 / 2),
            ),
            equal(
                "So E max <= ln(2B)/lam + lam/2. With a = ln(2B) the value of this bound at "
                "lam = sqrt(2a) is sqrt(2a), that is sqrt(2 ln(2B)).",
                value_at(value_at(bound, {size: sp.exp(share) / 2}), {rate: sp.sqrt(2 * share)}),
                sp.sqrt(2 * share),
            ),
            positive(
                "The second derivative of the bound in lam is positive, so the bound has "
                "one minimum.",
                derivative(value_at(bound, {size: sp.exp(share) / 2}), rate, 2),
            ),
        ),
        twins={
            "sqrt(2 ln B)": sp.sqrt(2 * sp.log(B)),
            "the largest, sign and all": sp.Integral(
                1
                - ((1 + sp.erf(x / sp.sqrt(2))) / 2) ** B
                - ((1 - sp.erf(x / sp.sqrt(2))) / 2) ** B,
                (x, 0, sp.oo),
            ),
        },
        chain=chain(
            because(
                "The mean of a positive number is the integral of the probability to exceed x.",
                tails.tail(),
                sp.Integral(Prob(largest > x), whole),
            ),
            because(
                "The probability to exceed x is 1 less the probability to stay below x.",
                integrals.replaced(
                    part=Prob(largest > x), is_=1 - Prob(largest <= x), by=tails.complement()
                ),
                sp.Integral(1 - Prob(largest <= x), whole),
            ),
            because(
                "The B numbers are independent, so the probability that all stay below x is "
                "the B-th power of the probability of one.",
                integrals.replaced(part=Prob(largest <= x), is_=one**B, by=tails.all_within()),
                sp.Integral(1 - one**B, whole),
            ),
            because(
                "The probability of one number is the integral of its density.",
                integrals.replaced(part=one, is_=within, by=chance.probability()),
                sp.Integral(1 - within**B, whole),
            ),
            because(
                "The density is the derivative of erf(z/sqrt 2)/2.",
                integrals.replaced(
                    part=within,
                    is_=sp.erf(x / sp.sqrt(2)),
                    by=areas.antiderivative(of=erf),
                ),
            ),
            laws={
                numbers: gaussian_column(sp.Identity(B)),
                either: Normal(),
            },
        ),
    )
