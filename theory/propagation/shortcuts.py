"""Shortcuts: what a layer adds to the sums below it, instead of replacing them."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Link, because, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner
from theory.functions.heads_of_chance import E, copies
from theory.laws import standard_pair
from theory.proofs.rules import chance, layers, parts
from theory.proofs.tactics import equal
from theory.proofs.unevaluated import unevaluated, value_at
from theory.propagation.by_angle import U, V
from theory.propagation.letters import (
    GAUSSIAN_HE,
    GAUSSIAN_ROW,
    HE_ROW,
    LUTHER,
    ROW,
    SOURCE,
    WIDE,
    N,
    c,
    depth,
    half,
    map_of,
    n,
    relu,
)
from theory.propagation.linear import BELOW, W, gaussian_layers

SHORTER = cite(SOURCE, "shortcut connections reduce the effective depth")
AMELIORATED = cite(SOURCE, "greatly ameliorated with the addition of residual connections")
ONE, OTHER = (sp.MatrixSymbol(f"a_{name}", N, 1) for name in "xy")  # activations at two inputs
BRANCH = "outputs of the branch w'relu(h), added to the sums h"
LAYERS = "n x n in all layers, no ReLU; the first has no shortcut"


@claim("identity", (s.c,), (SHORTER, LUTHER), (GAUSSIAN_HE, BRANCH, WIDE))
def shortcut_correlation() -> Derivation:
    """With a shortcut around each ReLU and the weights after it the mean square doubles in every
    layer, and a correlation c of two inputs becomes (c + f(c))/2, half of the way to f(c), where f
    is the correlation map of ReLU (propagation.correlation_bounds). Near correlation 1 depth counts
    half, so four times as much variance is left within the channels."""
    closed = (c + map_of(c)) / 2
    gap, x = sp.symbols("e x", positive=True)
    slope = 2 * sp.sqrt(2) / (3 * sp.pi)  # of the map, propagation.correlation_near_one
    first, second = (sum_ + inner(ROW, copies(relu(sum_), N)) for sum_ in (U, V))
    square = E(relu(U) ** 2)
    return Derivation(
        definition=E(first * second) / E(first**2),
        closed_form=closed,
        steps=(
            equal(
                "Over its weights the branch has the mean product 2 a_x'a_y/N at two inputs.",
                ONE.T * ROW * ROW.T * OTHER,
                2 / N * ONE.T * OTHER,
                HE_ROW,
            ),
            equal(
                "Where the sums have variance 1, this mean product is twice the mean product of "
                "their rectified values (propagation.arc_cosine). It is f(c).",
                2 * unevaluated((sp.sqrt(1 - c**2) + c * (sp.pi - sp.acos(c))) / (2 * sp.pi)),
                map_of(c),
            ),
            equal(
                "The mean of the branch is 0 whatever the sums are, so that mixed products "
                "vanish. The mean square is 1 + f(1) = 2.",
                1 + value_at(map_of(c), {c: 1}),
                2,
            ),
            equal(
                "The mean product c + f(c) over the mean square is the new correlation.",
                unevaluated(c + map_of(c)) / 2,
                closed,
            ),
            equal(
                "At c = 1 - e the new correlation exceeds c by sqrt(2)/(3 pi) e^(3/2) in "
                "leading order, half as much as without the shortcut "
                "(propagation.correlation_near_one).",
                sp.Limit(value_at(closed - c, {c: 1 - gap}) / gap ** sp.Rational(3, 2), gap, 0),
                slope * half,
            ),
            equal(
                "So with x^2 = e, 1/x grows by a quarter of a instead of a half "
                "(propagation.within_decay). The inverse square of this growth is four "
                "times as large.",
                1 / sp.Limit(1 / sp.sqrt(x**2 - slope / 2 * x**3) - 1 / x, x, 0) ** 2,
                4 * (9 * sp.pi**2 / 2),
            ),
        ),
        twins={
            "as without the shortcut": map_of(c),
            "inputs keep their correlation": c,
            "a third of the way: a branch of half the mean square": (2 * c + map_of(c)) / 3,
        },
        chain=chain(
            because(
                "Over its weights the branch has the mean 0, and twice the mean product of the "
                "rectified sums.",
                chance.expectation(),
                (c + 2 * E(relu(U) * relu(V))) / (1 + 2 * square),
            ),
            because(
                "The mean product is known (propagation.arc_cosine).",
                parts.claimed(claim="propagation.arc_cosine"),
                (c + map_of(c)) / (1 + 2 * square),
            ),
            because("The mean square is 1/2.", chance.expectation()),
            laws={**GAUSSIAN_ROW, **standard_pair(U, V, c)},
        ),
    )


@claim(
    "limit",
    (s.depth,),
    (AMELIORATED,),
    (f"independent Gaussian weights of variance 1/n, {LAYERS}", "n to infinity"),
)
def shortcut_stretches() -> Derivation:
    """The squared singular values of the map of l = depth linear layers have a variance of l times
    their squared mean, and with shortcuts of (3l + 1)/4 times, which is hardly less. Where batch
    norm holds each branch at variance 1, on sums of variance l - 1, it is only 2a - b times, about
    2 log l. Here a and b are the sums of 1/j and of 1/j^2 for j = 1, ..., l."""
    sums, weights = (sp.MatrixSymbol(name, n, n) for name in "MW")
    size, ratio, layer = sp.symbols("s r j", positive=True)
    kinds = ("without shortcuts", "with shortcuts", "with batch norm on the branch")
    squares = {kind: sp.MatrixSymbol(f"S_depth({kind})", n, n) for kind in kinds}
    grown = ratio * (1 + size**2) ** 2 + size**2 * (2 + size**2)
    gain = size**2 * (2 + size**2) / (1 + size**2) ** 2
    normed = (2 * layer - 1) / layer**2
    logarithmic = (
        2 * (sp.digamma(depth + 1) + sp.EulerGamma) - sp.pi**2 / 6 + sp.polygamma(1, depth + 1)
    )
    below = sums * sums.T
    index = gaussian_layers(W, W, depth).index
    return Derivation(
        definition={
            kind: sp.Limit(n * E(sp.Trace(S**2)) / E(sp.Trace(S)) ** 2 - 1, n, sp.oo)
            for kind, S in squares.items()
        },
        closed_form=dict(zip(kinds, (depth, (3 * depth + 1) / 4, logarithmic), strict=True)),
        steps=(
            equal(
                "A layer takes S = MM' of the layers below to (I + sW) S (I + sW)', of "
                "which W has the mean 0.",
                (sp.Identity(n) + size * weights) * below * (sp.Identity(n) + size * weights).T,
                below
                + size * (weights * below + below * weights.T)
                + size**2 * weights * below * weights.T,
            ),
            equal(
                "With W'W of mean I, tr WSW' is tr S, so that the trace grows by 1 + s^2. "
                "In the square, tr WSSW' is tr S^2.",
                below * weights.T * weights * below,
                below * below,
                {weights.T * weights: sp.Identity(n)},
            ),
            equal(
                "Over n, tr S^2 comes from 1, twice from WS + SW' and from WSW', and (tr "
                "S)^2/n twice from SWSW' and from WSW' "
                "(propagation.linear_channel_variances). The rest is of the order of 1/n. "
                "With tr S^2 = (1 + r)(tr S)^2/n this is the new tr S^2, over (tr S)^2/n.",
                (1 + ratio) * (1 + 2 * size**2 + size**4) + 2 * size**2 + size**4,
                (1 + size**2) ** 2 + grown,
            ),
            equal(
                "The new r is the new tr S^2 over the square of the new trace, times n, less 1. "
                "It exceeds r by this gain.",
                grown / (1 + size**2) ** 2 - ratio,
                gain,
            ),
            equal(
                "Without shortcuts, as for large s, the gain per layer is 1.",
                sp.Limit(gain, size, sp.oo),
                1,
            ),
            equal(
                "With shortcuts, at s = 1, the gain per layer is 3/4.",
                value_at(gain, {size: 1}),
                sp.Rational(3, 4),
            ),
            equal(
                "For sums of variance j - 1 below layer j, relative to which the branch has "
                "s^2 = 1/(j - 1), the gain is 2/j - 1/j^2.",
                value_at(gain, {size: 1 / sp.sqrt(layer - 1)}),
                normed,
            ),
            equal(
                "The first layer, without a shortcut, has r = 1 in all cases. Without "
                "shortcuts r is the sum of 1 over the layers.",
                unevaluated(sp.Sum(1, (layer, 1, depth))),
                depth,
            ),
            equal(
                "With shortcuts r is 1 and the sum of 3/4 over the other layers.",
                1 + unevaluated(sp.Sum(sp.Rational(3, 4), (layer, 2, depth))),
                (3 * depth + 1) / 4,
            ),
            equal(
                "With batch norm on the branch the closed form begins at 1 in the first layer.",
                value_at(logarithmic, {depth: 1}),
                1,
            ),
            equal(
                "From j - 1 to j layers the closed form 2a - b grows by 2/j - 1/j^2, which is "
                "the gain of layer j.",
                sp.expand_func(logarithmic.subs(depth, layer))
                - sp.expand_func(logarithmic.subs(depth, layer - 1)),
                normed,
            ),
        ),
        twins={
            "shortcuts change nothing": dict.fromkeys(kinds, depth),
            "each branch adds its own spread alone": dict(
                zip(kinds, (depth, (depth + 3) / 4, 2 - 1 / depth), strict=True)
            ),
            "batch norm on the branch changes nothing": dict(
                zip(kinds, (depth, (3 * depth + 1) / 4, (3 * depth + 1) / 4), strict=True)
            ),
        },
        chain=chain(
            outputs={
                kind: (spread_after(S, trace, spread),)
                for (kind, S), trace, spread in zip(
                    squares.items(),
                    (1, 2**layers.done, layers.done + 1),
                    (
                        layers.done,
                        1 + sp.Rational(3, 4) * layers.done,
                        logarithmic.subs(depth, layers.done + 1),
                    ),
                    strict=True,
                )
            },
            laws=dict(
                zip(
                    squares.values(),
                    (
                        gaussian_layers(sp.Identity(n), W * BELOW * W.T, depth),
                        gaussian_layers(W * W.T, added(1), depth - 1),
                        gaussian_layers(W * W.T, added(1 / sp.sqrt(index + 1)), depth - 1),
                    ),
                    strict=True,
                )
            ),
        ),
    )


def added(size: sp.Expr) -> sp.MatrixExpr:
    """The second moments after a layer that is added to its inputs, at a size."""
    whole = sp.Identity(n) + size * W
    return whole * BELOW * whole.T


def spread_after(S: sp.MatrixExpr, trace: sp.Expr, spread: sp.Expr) -> Link:
    """The link over all layers, with means of tr S/n and of the spread r."""
    return because(
        "Write S = MM' for the map M, s for the size of what a layer adds, and r for the "
        "relative variance of the eigenvalues of S. Each layer multiplies the mean of tr S by 1 "
        "+ s^2, or by 1 without a shortcut, and adds a known amount to r.",
        layers.layers(
            means={
                sp.Trace(S) / n: trace,
                sp.Trace(S) ** 2 / n**2: trace**2,
                sp.Trace(S * S) / n: trace**2 * (1 + spread),
            },
            wide=n,
        ),
    )
