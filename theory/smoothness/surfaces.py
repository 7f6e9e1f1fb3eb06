"""Pictures of a loss: along lines, along filter-normalised directions, up to scale."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, by_step, calculated, chain
from theory.claim import Derivation, Step, claim
from theory.domain import Condition
from theory.functions.columns import inner, length
from theory.functions.heads import minimum
from theory.proofs.rules import extremes
from theory.proofs.tactics import equal, nonnegative
from theory.proofs.unevaluated import derivative, unevaluated
from theory.smoothness.letters import INPUTS, SOURCE, B, C, N, W, X, g, h, squared, standardised
from theory.smoothness.predictiveness import SYMMETRIC, R, d, excess

x, V = s.x.symbol, s.V.symbol
UNIT = "one unit with batch norm and the loss g'yhat; the same holds unit by unit in a net"
FILTERS = (cite(SOURCE, "section 1.2"), cite("li2018", "section 4"))
NOT_ZERO = (
    Condition("the weights are not zero", inner(W, W) > 0),
    Condition("the direction is not zero", inner(d, d) > 0),
)
scale = sp.Symbol("a", positive=True)


def seen(weights: sp.MatrixExpr) -> sp.Expr:
    """The loss g'yhat of a unit with ``weights``."""
    return inner(g, standardised(X.T * weights))


def scale_free() -> tuple[Step, ...]:
    """Batch norm does not see a positive factor of its input."""
    size = sp.Symbol("|Ch|^2", positive=True)
    part = sp.Symbol("g'Ch", real=True)
    return (
        equal(
            "A positive factor of the weights multiplies the squared length of the "
            "centred outputs by its square.",
            sp.MatMul(sp.Transpose(scale * h), C, scale * h),
            scale**2 * h.T * C * h,
        ),
        equal(
            "The factor drops out of yhat, whose products with any g stay the same.",
            scale * part / sp.sqrt(unevaluated(scale**2 * size / B)),
            part / sp.sqrt(size / B),
        ),
    )


@claim("identity", (INPUTS, s.W, s.d, s.g, s.x), FILTERS, (UNIT, *NOT_ZERO))
def filter_normalised_slice() -> Derivation:
    """A filter-normalised slice, along a direction d rescaled to the length of the unit's weights,
    equals the slice at the weights rescaled to length 1. With batch norm the slice is the same
    however the weights are scaled, as the net is."""
    ratio = length(W) / length(d)
    there = W / length(W) + x / length(d) * d
    a, b = sp.symbols("|W| |d|", positive=True)
    return Derivation(
        definition=seen(W + x * ratio * d),
        closed_form=seen(there),
        steps=(
            equal(
                "The point of the slice is |W| times the point of the slice at the weights of "
                "length 1.",
                W + x * a / b * d,
                a * (W / a + x / b * d),
            ),
            *scale_free(),
        ),
        twins={
            "a raw slice": seen(W + x * d),
            "the direction's own length kept": seen(W / length(W) + x * d),
        },
        chain=chain(
            calculated(
                "The point is |W| times the point of the slice at weights of length 1.",
                seen(length(W) * there),
            ),
            calculated("Batch norm does not see the positive factor |W|."),
        ),
    )


@claim("identity", (INPUTS, s.W, s.d, s.g, s.x), FILTERS, (UNIT, *NOT_ZERO))
def raw_slice() -> Derivation:
    """A raw slice, along d as it is, is the filter-normalised slice stretched by |W|/|d|. With
    twice the weights the same net looks twice as wide and four times as flat."""
    a, b = sp.symbols("|W| |d|", positive=True)
    place = x * length(d) / length(W)
    along = sp.Function("f")
    return Derivation(
        definition=seen(W + x * d),
        closed_form=seen(W / length(W) + place / length(d) * d),
        steps=(
            equal(
                "The point of the slice is |W| times the point of the slice at the weights of "
                "length 1, at x|d|/|W|.",
                W + x * d,
                a * (W / a + (x * b / a) / b * d),
            ),
            *scale_free(),
            equal(
                "A function stretched by the factor a, f(x/a), has the second derivative of f "
                "over a^2.",
                derivative(along(x / scale), x, 2),
                derivative(along(x), x, 2, at=x / scale) / scale**2,
            ),
        ),
        twins={
            "as if scale did not matter": seen(W / length(W) + x / length(d) * d),
            "stretched the other way": seen(W / length(W) + x * length(W) / squared(d) * d),
        },
        chain=chain(
            calculated(
                "The point is |W| times the point of the slice at weights of length 1.",
                seen(length(W) * (W / length(W) + place / length(d) * d)),
            ),
            calculated("Batch norm does not see the positive factor |W|."),
        ),
    )


@claim("identity", (s.R, s.V, s.d, s.x), (cite(SOURCE, "1D Linear Interpolation"),),
       ("for the excess loss E = d'Rd/2",))  # fmt: skip
def interpolated_loss() -> Derivation:
    """Between two points a and b the excess loss E hangs below the straight line by a parabola:
    E((1-x)a + xb) = (1-x)E(a) + xE(b) - x(1-x)(a-b)'R(a-b)/2. So the picture shows the curvature of
    R along a - b alone."""
    between, step = (1 - x) * V + x * d, V - d
    return Derivation(
        definition=excess(between),
        closed_form=(1 - x) * excess(V) + x * excess(d) - x * (1 - x) * excess(step),
        steps=(
            equal(
                "Expand the loss at x d + (1 - x) V, between the ends V and d.",
                between.T * R * between / 2,
                (1 - x) * V.T * R * V / 2
                + x * d.T * R * d / 2
                - x * (1 - x) * step.T * R * step / 2,
                SYMMETRIC,
            ),
        ),
        twins={
            "straight": (1 - x) * excess(V) + x * excess(d),
            "above the line": (1 - x) * excess(V) + x * excess(d) + x * (1 - x) * excess(step),
        },
        chain=chain(by_step("Expand the loss at x d + (1 - x) V, between the ends V and d.", 1)),
    )


@claim("identity", (s.W, s.d), (cite("santurkar2018", "lemma 4.5"),),
       (Condition("the minimum W* = W - d is not zero", inner(W - d, W - d) > 0),
        "with batch norm every positive multiple of W* is a minimum too"))  # fmt: skip
def nearest_multiple() -> Derivation:
    """Where every multiple of a minimum W* is a minimum, the nearest multiple is closer than W*
    itself: the least squared distance |W - aW*|^2 over the factor a is |W - W*|^2 - (|W*|^2 -
    <W*,W>)^2/|W*|^2."""
    factor = sp.Symbol("a", real=True)
    other = W - d
    a, c = sp.symbols("|W|^2 |W*|^2", positive=True)
    b = sp.Symbol("<W,W*>", real=True)
    goal = sp.MatrixSymbol("W*", N, 1)
    return Derivation(
        definition=minimum(squared(W - factor * other), factor),
        closed_form=squared(d) - (squared(other) - inner(other, W)) ** 2 / squared(other),
        steps=(
            equal(
                "The squared distance is a parabola in the factor a.",
                (W - factor * goal).T * (W - factor * goal),
                W.T * W - 2 * factor * W.T * goal + factor**2 * goal.T * goal,
            ),
            equal("The least value of this parabola is |W|^2 - <W,W*>^2/|W*|^2, since the rest is "
                  "a square.",
                  a - 2 * factor * b + factor**2 * c - (a - b**2 / c), c * (factor - b / c) ** 2),
            nonnegative("The rest is not negative, and it is zero at a = <W,W*>/|W*|^2.",
                        c * (factor - b / c) ** 2),
            equal(
                "With |W - W*|^2 written out, the claimed value is this least value.",
                (a - 2 * b + c) - (c - b) ** 2 / c, a - b**2 / c),
        ),
        twins={
            "the distance itself": squared(d),
            "over the squared length of W": squared(d)
            - (squared(other) - inner(other, W)) ** 2 / squared(W),
        },
        chain=chain(
            because(
                "The squared distance is least at a = <W,W*>/|W*|^2. For any other factor it "
                "exceeds the least value by |W*|^2 times the square of the difference of both "
                "factors.",
                extremes.extreme(
                    at=inner(W, other) / squared(other),
                    gap=squared(other) * (factor - inner(W, other) / squared(other)) ** 2,
                ),
                squared(W) - inner(W, other) ** 2 / squared(other),
            ),
            calculated(
                "With |W - W*|^2 written out, the claimed value is this least value."),
        ),
    )  # fmt: skip
