"""Depth: the between-channel share grows, and what a deep net computes is nearly constant."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Link, because, chain
from theory.claim import Derivation, claim
from theory.functions.heads_of_nets import channel, repeated
from theory.laws import Normal, standard_pair
from theory.proofs.rules import calculus, chance, iterates, limits, parts
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems import sequences, wide_nets
from theory.proofs.unevaluated import value_at
from theory.proofs.uses import Use
from theory.propagation.by_angle import U, V
from theory.propagation.iterate import correlation_at
from theory.propagation.letters import (
    GAUSSIAN_HE,
    HE_ROW,
    LUTHER,
    NUMBER,
    ROW,
    SOURCE,
    WIDE,
    E,
    N,
    angle,
    c,
    depth,
    map_of,
    n,
    relu,
    x,
)

FIXED_POINT = cite(SOURCE, "At sufficient depth a fixed point is reached")
INDEPENDENT = "independent standard Gaussian inputs"
TWO = sp.MatrixSymbol("x", N, 1), sp.MatrixSymbol("y", N, 1)


@claim(
    "limit",
    (s.depth.within(high=10_000),),  # the map is applied depth times
    (cite(SOURCE, "the variance within channels must decrease at each layer"), LUTHER),
    (GAUSSIAN_HE, INDEPENDENT, WIDE),
)
def between_share() -> Derivation:
    """The means of the channels have the share c_l of the mean square of the pre-activations of
    layer l, with c_1 = 0 and c_(l+1) = f(c_l), where f is the correlation map of ReLU
    (propagation.correlation_bounds). This share is the limit of E zz'/E z^2 in wide nets, of a
    channel z, z' at two independent inputs. The share within the channels is 0.68, 0.32, 0.15,
    0.056, 0.013 in layers 2, 5, 10, 20, 50."""
    first, second = TWO
    t = sp.Symbol("t", real=True)
    activation = sp.Lambda(t, relu(t))
    wide = wide_nets.correlations_in_wide_nets(activation, depth, n)
    z, other = (
        channel(activation, depth, n, each)
        for each in (wide_nets.first_input, wide_nets.second_input)
    )
    return Derivation(
        definition=sp.Limit(E(z * other) / E(z**2), n, sp.oo),
        closed_form=correlation_at(depth),
        steps=(
            equal(
                "The mean of a channel over the inputs, squared, is its mean product over pairs of "
                "independent inputs x, y. Given the layer below, each channel w'x has independent "
                "Gaussian weights: over them, products have the mean 2 x'y/N, so the correlation "
                "is the cosine of the angle between the two vectors below.",
                first.T * ROW * ROW.T * second,
                2 / N * first.T * second,
                HE_ROW,
            ),
            equal(
                "In layer 1 these are the inputs: x'y/N has mean 0 and variance 1/N, as (x'y)^2 "
                "is N on average where xx' and yy' are I. So c_1 = 0.",
                first.T * second * second.T * first / N**2,
                NUMBER / N,
                {second * second.T: sp.Identity(N), first.T * first: N * NUMBER},
            ),
            cited(
                "The vectors below are the rectified values of many independent channels, over "
                "which means of products and of squares do not fluctuate (law of large numbers).",
                cite("vershynin2018", "section 1.3"),
            ),
            equal(
                "So their cosine is the cosine of the means: E relu(u)relu(w)/E relu(u)^2 "
                "(propagation.arc_cosine), which is the correlation map f(c), as f(1) is 1.",
                value_at(map_of(c) / map_of(x), {x: 1}),
                map_of(c),
            ),
        ),
        twins={
            "printed: all of it": sp.Piecewise((0, depth <= 1), (1, True)),
            "1/pi of what is left moves to the means in every layer": 1
            - (1 - 1 / sp.pi) ** (depth - 1),
            "one layer later": correlation_at(depth + 1),
        },
        chain=chain(
            because(
                "In a wide net a channel at two inputs is a Gaussian pair, of a correlation that "
                "follows from the one below.",
                wide,
                repeated(wide_nets.correlation_map(activation), sp.Integer(0), depth),
            ),
            *to_map(depth),
            laws={**standard_pair(U, V, c), wide_nets.x: Normal(), wide_nets.y: Normal()},
        ),
    )


def to_map(layer: sp.Expr) -> tuple[Link, ...]:
    """From a map in integrals over the plane to the correlation map of ReLU."""
    other = c * wide_nets.x + sp.sqrt(1 - c**2) * wide_nets.y
    first, second = relu(wide_nets.x), relu(other)
    above, below = sp.fraction(wide_nets.correlation_map(sp.Lambda(x, relu(x)))(c))
    product, square = E(first * second), E(first**2)
    pair = E(relu(U) * relu(V))
    forms = {U: wide_nets.x, V: other}

    def link(words: str, by: Use, map_now: sp.Expr) -> Link:
        right = repeated(sp.Lambda(c, map_now), sp.Integer(0), layer)
        return because(words, iterates.in_map(by=by), right)

    return (
        link(
            "The map's integral of the product is a mean over x and y.",
            parts.part(of=above, is_=product, by=chance.density()),
            product / below,
        ),
        link(
            "The map's integral of the square is a mean over x and y, too.",
            parts.part(of=below, is_=square, by=chance.density()),
            product / square,
        ),
        link(
            "x and c x + sqrt(1 - c^2) y are a pair of correlation c.",
            parts.part(of=product, is_=pair, by=chance.gaussian_form(forms=forms)),
            pair / square,
        ),
        link(
            "The mean product is known (propagation.arc_cosine).",
            parts.claimed(claim="propagation.arc_cosine"),
            map_of(c) / 2 / square,
        ),
        link("The mean square is 1/2.", chance.expectation(), map_of(c)),
        because("This is the map of the recursion.", iterates.repeats()),
    )


@claim("limit", (), (FIXED_POINT, LUTHER), (GAUSSIAN_HE, INDEPENDENT, WIDE))
def within_decay() -> Derivation:
    """The variance within channels vanishes at no depth: the share 1 - c_l of the mean square that
    is left within the channels of layer l falls as a power of depth, and l^2 (1 - c_l) tends to 9
    pi^2/2 = 44.4."""
    a, gap = sp.symbols("a x", positive=True)
    slope = 2 * sp.sqrt(2) / (3 * sp.pi)
    closed = 9 * sp.pi**2 / 2
    left = sp.Integer(1) - correlation_at(depth)
    over_depth = sp.Limit(
        1 / sp.sqrt(left.subs(depth, depth + 1)) - 1 / sp.sqrt(left), depth, sp.oo
    )
    below_one = sp.Symbol("c_l", real=True)
    at_one = sp.Limit(
        1 / sp.sqrt(1 - map_of(below_one)) - 1 / sp.sqrt(1 - below_one), below_one, 1, "-"
    )
    lost = 1 - sp.cos(angle)
    rise = (sp.sin(angle) - angle * sp.cos(angle)) / sp.pi
    in_angle = sp.Limit(1 / sp.sqrt(lost - rise) - 1 / sp.sqrt(lost), angle, 0)
    return Derivation(
        definition=sp.Limit(depth**2 * (1 - correlation_at(depth)), depth, sp.oo),
        closed_form=closed,
        steps=(
            equal(
                "Let x^2 = 1 - c_l be what is left. One layer takes x^2 to x^2 - a x^3 + ... "
                "(propagation.correlation_near_one), so 1/x grows by a/2 in the limit.",
                sp.Limit(1 / sp.sqrt(gap**2 - a * gap**3) - 1 / gap, gap, 0),
                a / 2,
            ),
            cited(
                "So 1/x_l over l tends to a/2 (Stolz and Cesaro).",
                cite("knopp1951", "Cauchy's limit theorem"),
            ),
            equal(
                "The inverse square of a/2 is the limit of l^2 (1 - c_l).",
                value_at(1 / (a / 2) ** 2, {a: slope}),
                closed,
            ),
        ),
        twins={
            "printed: a fixed point is reached": sp.Integer(0),
            "1/a for 2/a": closed / 4,
            "without the pi": closed / sp.pi,
        },
        chain=chain(
            because(
                "The growth of the inverse root decides the decay.",
                sequences.decay_of_a_sequence(left, depth),
                1 / over_depth**2,
            ),
            because(
                "The correlations grow towards 1, and never reach it.",
                parts.part(of=over_depth, is_=at_one, by=iterates.at_fixed_point()),
                1 / at_one**2,
            ),
            because(
                "With c = cos theta the map adds (sin theta - theta cos theta)/pi.",
                parts.part(of=at_one, is_=in_angle, by=limits.by_small_angle()),
                1 / in_angle**2,
            ),
            because(
                "The inverse root grows by a/2.",
                parts.part(of=in_angle, is_=slope / 2, by=calculus.limit()),
            ),
        ),
    )
