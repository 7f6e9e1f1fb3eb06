"""The mean taken away: ReLU shifted and scaled to mean 0, variance 1."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Approached, Link, Reached, because, by_step, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner
from theory.functions.heads_of_chance import E, copies
from theory.laws import Normal, standard_pair
from theory.proofs.rules import areas, chance, order, parts
from theory.proofs.tactics import equal, nonnegative, positive
from theory.proofs.unevaluated import derivative, value_at
from theory.propagation.letters import (
    ANY_ROW,
    GAUSSIAN_HE,
    ROW,
    SOURCE,
    WIDE,
    N,
    c,
    map_of,
    mean_over,
    q,
    relu,
    v,
    x,
)

FIX = cite(SOURCE, "we should subtract the mean after each ReLU layer, and rescale")
ONES = f"{GAUSSIAN_HE}; ReLU followed by the constant shift and scale that suit q = 1"
ABOVE_ONE = s.q.within(low=1, closed=True, typical=(1, 16))

#: Mean and variance of ReLU at q = 1, where the pre-activations have variance 2.
SHIFT, SCALE = 1 / sp.sqrt(sp.pi), 1 - 1 / sp.pi
SHIFTED = (relu(x) - SHIFT) / sp.sqrt(SCALE)
NEXT = (sp.pi * q - 2 * sp.sqrt(q) + 1) / (sp.pi - 1)
GAIN = sp.pi / (sp.pi - 1)


def next_square(mean_square: sp.Expr) -> tuple[Link, ...]:
    """The mean square of the shifted and scaled unit, by its steps 2 and 3."""
    low = sp.Integral(mean_over(SHIFT**2, 0, 2 * mean_square).function, (x, -sp.oo, 0))
    high = sp.Integral(mean_over((x - SHIFT) ** 2, 0, 2 * mean_square).function, (x, 0, sp.oo))
    below = 1 / (2 * sp.pi)
    return (
        because(
            "Below 0 the shift alone is squared, above it x less the shift.",
            areas.cut(at=(0,)),
            (low + high) / SCALE,
        ),
        by_step("For x < 0 this is half of the squared shift.", 2, (below + high) / SCALE),
        by_step(
            "For x > 0 the integral is known.",
            3,
            (below + mean_square - 2 * sp.sqrt(mean_square) / sp.pi + below) / SCALE,
        ),
    )


@claim("identity", (s.q,), (FIX,), (ONES,))
def shifted_mean_square() -> Derivation:
    """ReLU shifted and scaled, (relu(z) - 1/sqrt pi)/sqrt(1 - 1/pi), has on average the mean square
    (pi q - 2 sqrt q + 1)/(pi - 1) where the layer below has the mean square q. This is 1 for q =
    1."""
    return Derivation(
        definition=mean_over(SHIFTED**2, 0, 2 * q),
        closed_form=NEXT,
        steps=(
            equal(
                "At q = 1 the mean of ReLU is sqrt(q/pi) and its variance q - q/pi "
                "(propagation.he_initialisation), so that the scale divides by the root of "
                "1 - 1/pi.",
                SCALE,
                value_at(q - sp.sqrt(q / sp.pi) ** 2, {q: 1}),
            ),
            equal(
                "For x < 0, one half of the time, the shift alone is squared.",
                sp.Integral(mean_over(SHIFT**2, 0, 2 * q).function, (x, -sp.oo, 0)),
                1 / (2 * sp.pi),
            ),
            equal(
                "For x > 0 the square of x less the shift is integrated.",
                sp.Integral(mean_over((x - SHIFT) ** 2, 0, 2 * q).function, (x, 0, sp.oo)),
                q - 2 * sp.sqrt(q) / sp.pi + 1 / (2 * sp.pi),
            ),
            equal(
                "The sum of both parts, divided by 1 - 1/pi, is the claimed mean square.",
                (q - 2 * sp.sqrt(q) / sp.pi + 1 / sp.pi) / SCALE,
                NEXT,
            ),
        ),
        twins={
            "order is restored for good, the mean square is q again": q,
            "as if the mean followed q: order at every q": GAIN * q - q / (sp.pi - 1),
            "without the shift": GAIN * q,
            "a mean square of 1 whatever is below": 1 + 0 * q,
        },
        chain=chain(
            *next_square(q),
            by_step("Division of the sum by 1 - 1/pi gives the closed form.", 4),
        ),
    )


@claim("bound", (ABOVE_ONE,), (FIX,), (ONES,))
def shifted_drift() -> Derivation:
    """The fixed point 1 of the mean square q under the shifted and scaled ReLU is unstable from
    above. For q >= 1 the next mean square is q + (sqrt q - 1)^2/(pi - 1), at least q and at most q
    pi/(pi - 1). For large q it approaches this upper bound, 1.47 times more in every layer. At
    finite width the fluctuations of q start the growth."""
    large = ABOVE_ONE.symbol
    excess = sp.Symbol("excess", nonnegative=True)
    beyond = sp.Symbol("q", positive=True)
    root = sp.sqrt(large)
    square = (root - 1) ** 2 / (sp.pi - 1)
    room = (2 * (large - 1) / (root + 1) + 1) / (sp.pi - 1)  # 2 sqrt q - 1 over pi - 1
    known = (
        because(
            "The next mean square is known (propagation.shifted_mean_square).",
            parts.claimed(claim="propagation.shifted_mean_square", at={q: large}),
            NEXT.subs(q, large),
        ),
    )
    return Derivation(
        definition=mean_over(SHIFTED**2, 0, 2 * large),
        closed_form={"lower": large, "upper": GAIN * large},
        steps=(
            equal(
                "The next mean square (propagation.shifted_mean_square) is q plus a square over "
                "pi - 1: equal to q at q = 1 alone, where its slope is 1.",
                NEXT,
                q + (sp.sqrt(q) - 1) ** 2 / (sp.pi - 1),
            ),
            equal(
                "The second derivative of the map of mean squares at q = 1 is positive.",
                derivative(NEXT, q, 2, at=1),
                GAIN / sp.pi / 2,
            ),
            nonnegative(
                "The map lies below q pi/(pi - 1) by (2 sqrt q - 1)/(pi - 1), which is not "
                "negative for sqrt q = 1 + excess.",
                value_at(GAIN * q - NEXT, {q: (1 + excess) ** 2}),
            ),
            equal(
                "The difference is less and less of the map: over q the map tends to pi/(pi - 1).",
                sp.Limit(NEXT / q, q, sp.oo),
                GAIN,
            ),
        ),
        twins={
            "never above 1": {"lower": 1 + 0 * large, "upper": large},
            "at least 1.47 times more": {"lower": GAIN * large, "upper": 2 * large},
            "less than a third more": {"lower": large, "upper": sp.Rational(4, 3) * large},
        },
        chain=chain(
            outputs={
                "lower": (
                    *known,
                    because("A square is added to q.", order.gap(is_=square), relation=">="),
                ),
                "upper": (
                    *known,
                    because(
                        "2 sqrt q - 1 is positive where sqrt q is at least 1.",
                        order.gap(is_=room),
                        relation="<=",
                    ),
                ),
            },
            reached={
                "lower": Reached({"q": 1}),
                "upper": Approached({"q": beyond}, beyond, sp.oo),
            },
        ),
    )


@claim("identity", (s.c,), (FIX, cite("lutherseung2019")), (ONES, WIDE))
def shifted_correlation() -> Derivation:
    """With shift and scale of ReLU a correlation c of two inputs becomes (pi f(c) - 1)/(pi - 1),
    where f is the correlation map of ReLU (propagation.correlation_bounds). 0 stays 0, with slope
    pi/(2(pi - 1)) = 0.73 < 1, so means do not grow. 1 stays 1, with slope pi/(pi - 1) = 1.47 > 1,
    so inputs do not merge."""
    closed = (sp.pi * map_of(c) - 1) / (sp.pi - 1)
    slope = sp.diff(closed, c)
    first, second = sp.symbols("u w", real=True)
    product = E(relu(first) * relu(second))
    return Derivation(
        definition=E(SHIFTED.subs(x, sp.sqrt(2) * first) * SHIFTED.subs(x, sp.sqrt(2) * second)),
        closed_form=closed,
        steps=(
            equal(
                "The mean product of the rectified values is f(c) where their mean square is 1 "
                "(propagation.arc_cosine). Less the squared mean 1/pi, over the variance 1 - "
                "1/pi, this is the new correlation.",
                (map_of(c) - SHIFT**2) / SCALE,
                closed,
            ),
            equal(
                "The new correlation has the slope (pi - arccos c)/(pi - 1) in c. At c = 0 this "
                "slope is half of pi/(pi - 1).",
                value_at(slope, {c: 0}),
                GAIN / 2,
            ),
            positive("This slope at 0 is less than 1.", 1 - GAIN / 2),
            equal(
                "The slope at 1 is pi/(pi - 1), which is more than 1.",
                sp.Limit(slope, c, 1, "-"),
                GAIN,
            ),
        ),
        twins={
            "without the shift": map_of(c),
            "without the scale": map_of(c) - 1 / sp.pi,
            "inputs keep their correlation": c,
        },
        chain=chain(
            because(
                "The mean of a sum is the sum of the means, and relu has the mean 1/sqrt(2 pi).",
                chance.expectation(),
                (2 * product - SHIFT**2) / SCALE,
            ),
            because(
                "The mean product is known (propagation.arc_cosine).",
                parts.claimed(claim="propagation.arc_cosine"),
                (map_of(c) - SHIFT**2) / SCALE,
            ),
            by_step("The means are 1/sqrt pi, the variance is 1 - 1/pi.", 1),
            laws=standard_pair(first, second, c),
        ),
    )


@claim(
    "limit",
    (),
    (FIX,),
    (ONES, WIDE, "gradients independent of the signs below; all layers of width N"),
)
def shifted_gradient() -> Derivation:
    """Gradients grow in mean square by the factor pi/(pi - 1) = 1.47 per layer on the way back
    through the shifted and scaled ReLU, as differences of inputs do on the way up. This is the
    price of the scale."""
    gradient = sp.Symbol("g", real=True)  # at a unit, above the activation
    slope = sp.diff(SHIFTED, x)
    return Derivation(
        definition=E(inner(ROW, copies(gradient * slope, N)) ** 2) / E(gradient**2),
        closed_form=GAIN,
        steps=(
            equal(
                "Weights of variance 2/N return twice the mean square of what passes the "
                "activations, whose squared slope is 1/(1 - 1/pi) where x > 0 and 0 elsewhere.",
                2 * sp.Integral(mean_over(1 / SCALE, 0, 2).function, (x, 0, sp.oo)),
                GAIN,
            ),
            equal(
                "The map of correlations (propagation.shifted_correlation) has the same factor "
                "as its slope at 1.",
                sp.Limit(derivative((sp.pi * map_of(c) - 1) / (sp.pi - 1), c), c, 1, "-"),
                GAIN,
            ),
        ),
        twins={
            "gradients are preserved, as by He's weights and ReLU": sp.Integer(1),
            "half of it": GAIN / 2,
            "the scale itself instead of its square": 1 / sp.sqrt(SCALE),
        },
        chain=chain(
            because(
                "On average over the weights ww' is 2I/N: of N units the squared slope is left.",
                chance.expectation(),
                2 * E(slope**2),
            ),
            because(
                "The mean value is an integral.",
                parts.part(of=E(slope**2), is_=mean_over(slope**2, 0, 2), by=chance.density()),
                2 * mean_over(slope**2, 0, 2),
            ),
            because(
                "The slope is 0 below 0.",
                areas.cut(at=(0,)),
                2 * sp.Integral(mean_over(1 / SCALE, 0, 2).function, (x, 0, sp.oo)),
            ),
            by_step("Half of the values are above 0.", 1),
            laws={**ANY_ROW, gradient: Normal(0, v), x: Normal(0, 2)},
        ),
    )
