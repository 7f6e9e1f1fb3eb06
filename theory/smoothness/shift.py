"""Internal covariate shift: what the layers below do to a layer's gradient in one step."""

from functools import lru_cache

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, Step, claim
from theory.functions.columns import inner, length
from theory.functions.heads import grad, moved, sup
from theory.proofs.rules import calculus, extremes, slopes
from theory.proofs.tactics import equal
from theory.smoothness.letters import N

SOURCE = "rethinking"
LINEAR = "two linear layers, outputs X'W_below'W_above, and the mean squared error over two"
RATE = s.eta.within(closed=True)
eta = RATE.symbol
LETTERS = (s.X, s.Y, s.W_below, s.W_above)
X, Y, p, n = s.X.symbol, s.Y.symbol, s.p.symbol, s.n.symbol
below, above = s.W_below.symbol, s.W_above.symbol
lam, height, freq = s.lam.symbol, s.height.symbol, s.freq.symbol


@lru_cache
def error() -> sp.MatrixExpr:
    """E = R W_below'W_above - Q, the gradient in the product of the two layers."""
    return X * (X.T * (below.T * above) - Y) / p


@lru_cache
def turned() -> sp.MatrixExpr:
    """R e."""
    return X * (X.T * error()) / p


# In letters: R, Q of the data, e = R W_below'W_above - Q, and |W_above|^2
R, Q = sp.MatrixSymbol("R", N, N), sp.MatrixSymbol("Q", N, 1)
e = sp.MatrixSymbol("e", N, 1)
gain = sp.Symbol("|W_above|^2", positive=True)
DEFINED = {above.T * above: gain * sp.Identity(1), R.T: R}
DEFINED |= {R * below.T * above: e + Q, above.T * below * R: e.T + Q.T}
# The two gradients, before and after the layers below took their step
h, a = sp.MatrixSymbol("h", n, N), sp.MatrixSymbol("a", n, 1)
x = sp.Symbol("x", real=True)  # place along a line
#: What the letters mean.
DATA = {R: X * X.T / p, Q: X * Y / p, gain: inner(above, above), e: error()}


def loss() -> sp.Expr:
    """The mean squared error over two."""
    misses = X.T * (below.T * above) - Y
    return inner(misses, misses) / (2 * p)


@lru_cache
def in_layers() -> tuple[sp.MatrixExpr, sp.MatrixExpr]:
    """The gradients in the first and in the second layer."""
    return grad(loss(), below), grad(loss(), above)


def are() -> dict[sp.MatrixExpr, sp.MatrixExpr]:
    """What these gradients are."""
    first, second = in_layers()
    return {first: above * error().T, second: below * error()}


def shift_of_second(gradients: tuple[sp.MatrixExpr, sp.MatrixExpr]) -> sp.Expr:
    """The length of the change of the second gradient by the first layer's step."""
    first, second = gradients
    return length(second - moved(second, (below, -eta * first)))


def next_error() -> sp.MatrixExpr:
    """The error after the first layer's step."""
    return DATA[R] * stepped().T * above - DATA[Q]


def stepped() -> sp.MatrixExpr:
    """The first layer after its step."""
    return below - eta * above * error().T


def frobenius(matrix: sp.MatrixExpr) -> sp.Expr:
    """The length of a matrix as a column of its entries."""
    return sp.sqrt(sp.Trace(matrix.T * matrix))


def first_order() -> sp.MatrixExpr:
    """The shift of the second layer's gradient over eta, as eta goes to 0."""
    return inner(above, above) * below * turned() + inner(error(), error()) * above


def energy(weights: sp.MatrixExpr) -> sp.MatrixExpr:
    """The loss of the product of the layers, up to a constant."""
    return weights.T * R * weights / 2 - Q.T * weights


def gradients() -> tuple[Step, ...]:
    """The gradients in the two layers: W_above e' and W_below e."""
    start = energy(below.T * above)
    return (
        equal(
            "Move W_below by x h: the loss W'RW/2 - Q'W in W = W_below'W_above starts to change by "
            "W_above'h e, so its gradient in the first layer is W_above e'.",
            energy((below + x * h).T * above),
            start + x * above.T * h * e + x**2 / 2 * above.T * h * R * h.T * above,
            DEFINED,
        ),
        equal(
            "Move W_above by x a: the loss starts to change by a'W_below e, so its gradient in "
            "the second layer is W_below e.",
            energy(below.T * (above + x * a)),
            start + x * a.T * below * e + x**2 / 2 * a.T * below * R * below.T * a,
            DEFINED,
        ),
    )


@claim(
    "identity",
    (*LETTERS, RATE),
    (cite(SOURCE, "their definition of ICS"), cite("santurkar2018", "definition 2.1")),
    (LINEAR,),
)
def covariate_shift() -> Derivation:
    """Internal covariate shift of a layer is the length of the change of its gradient when the
    layers below have taken their step. The first layer has none below it, so its shift is exactly
    0. In a net of two linear layers the second has eta |a W_below R e + (|e|^2 - eta a e'Re)
    W_above| with a = |W_above|^2 and e = R W_below'W_above - Q. R = XX'/p is the second-moment
    matrix of the inputs, and Q = XY/p is their mean product with the targets."""
    first = in_layers()[0]
    after = below - eta * above * e.T
    shift = gain * below * R * e + above * e.T * e - eta * gain * above * e.T * R * e
    gained = inner(above, above)
    exact = first_order() - eta * inner(above, above) * inner(error(), turned()) * above
    return Derivation(
        definition={
            "first layer": frobenius(first - moved(first)),
            "second layer": shift_of_second(in_layers()),
        },
        closed_form={"first layer": sp.S.Zero, "second layer": eta * length(exact)},
        steps=(
            *gradients(),
            equal(
                "A step of the first layer turns e into (I - eta a R) e.",
                R * after.T * above - Q,
                e - eta * gain * R * e,
                DEFINED,
            ),
            equal(
                "So the step of the first layer changes the gradient W_below e of the second "
                "layer by this vector. Its length is the shift.",
                below * e - after * (e - eta * gain * R * e),
                eta * shift,
                DEFINED,
            ),
            equal(
                "The first layer's gradient is taken at the same weights both times: with no step "
                "below the shift is a multiple of eta = 0.",
                (eta * shift).subs(eta, 0),
                sp.ZeroMatrix(n, 1),
            ),
        ),
        twins={
            "first order in the rate only": {
                "first layer": sp.S.Zero,
                "second layer": eta * length(first_order()),
            },
            "the layer's own step counted": {
                "first layer": eta * inner(above, above) * length(above) * length(turned()),
                "second layer": eta * length(exact),
            },
            "the error as before the step": {
                "first layer": sp.S.Zero,
                "second layer": eta * inner(error(), error()) * length(above),
            },
        },
        chain=chain(
            outputs={
                "first layer": (because("No layer below the first takes a step.", slopes.steps()),),
                "second layer": (
                    because(
                        "The gradients are W_above e' and W_below e.",
                        slopes.slopes(are=are()),
                        shift_of_second(tuple(are().values())),
                    ),
                    because(
                        "The first layer takes its step, and the error changes with it.",
                        slopes.steps(),
                        length(below * error() - stepped() * next_error()),
                    ),
                    calculated(
                        "The step turns e into (I - eta a R) e.",
                        length(below * error() - stepped() * (error() - eta * gained * turned())),
                    ),
                    calculated("Multiply out. The rate is a factor of the length."),
                ),
            }
        ),
    )


@claim(
    "limit",
    LETTERS,
    (cite(SOURCE, "their definition of ICS"), cite("santurkar2018", "definition 2.1")),
    (LINEAR,),
)
def covariate_shift_rate() -> Derivation:
    """Internal covariate shift over the rate, the length of a gradient's change over eta, tends for
    small rates to the length of the mixed second derivative times the gradient below. In a net of
    two linear layers this is | |W_above|^2 W_below R e + |e|^2 W_above | with e = R W_below'W_above
    - Q. R = XX'/p is the second-moment matrix of the inputs, and Q = XY/p is their mean product
    with the targets."""
    after = below - x * above * e.T
    rest = inner(above, above) * inner(error(), turned()) * above
    constant, linear = sp.symbols("a_0 a_2", positive=True)
    cross = sp.Symbol("c_1", real=True)
    return Derivation(
        definition=sp.Limit(shift_of_second(in_layers()) / eta, eta, 0, "+"),
        closed_form=length(first_order()),
        steps=(
            *gradients(),
            equal(
                "Along the first layer's step, x times its gradient, the second layer's gradient "
                "W_below e changes by - x times this, to first order.",
                after * (R * after.T * above - Q),
                below * e
                - x * (gain * below * R * e + above * e.T * e)
                + x**2 * gain * above * e.T * R * e,
                DEFINED,
            ),
            equal(
                "So the length of the change, over the rate x, tends to the length of the term "
                "of first order, the root of a_0.",
                sp.Limit(sp.sqrt(constant * x**2 + cross * x**3 + linear * x**4) / x, x, 0, "+"),
                sp.sqrt(constant),
            ),
        ),
        twins={
            "without the change of the error": inner(error(), error()) * length(above),
            "without the change of the features": inner(above, above) * length(below * turned()),
        },
        chain=chain(
            because(
                "The gradients are W_above e' and W_below e.",
                slopes.slopes(are=are()),
                sp.Limit(shift_of_second(tuple(are().values())) / eta, eta, 0, "+"),
            ),
            because(
                "The first layer takes its step, and the error changes with it.",
                slopes.steps(),
                sp.Limit(length(below * error() - stepped() * next_error()) / eta, eta, 0, "+"),
            ),
            because(
                "Multiply out. The rate is a factor of the length.",
                slopes.inside_limit(),
                sp.Limit(length(first_order() - eta * rest), eta, 0, "+"),
            ),
            because(
                "The term of second order in the rate vanishes in the limit.", calculus.limit()
            ),
        ),
    )


@claim(
    "identity",
    (s.lam, s.height, s.freq, RATE),
    (cite(SOURCE, "a network with just one layer"),),
    ("one weight w, and the loss lam w^2/2 + height (1 - cos(freq w))",),
)
def one_layer() -> Derivation:
    """A net of one layer has no internal covariate shift at any rate, however rough its loss is.
    With the bumps height (1 - cos(freq w)) on lam w^2/2 the slope of the loss changes by up to lam
    + height freq^2 per unit of the weight w."""
    weight = s.x.symbol
    surface = lam * weight**2 / 2 + height * (1 - sp.cos(freq * weight))
    slope = sp.Derivative(surface, weight)
    return Derivation(
        definition={
            "covariate shift": sp.Abs(slope - moved(slope)),
            "roughness": sup(sp.Abs(sp.Derivative(surface, weight, 2), evaluate=False), weight),
        },
        closed_form={"covariate shift": sp.S.Zero, "roughness": lam + height * freq**2},
        steps=(
            equal(
                "The second derivative falls short of lam + height freq^2 by a multiple of a "
                "square, which is 0 at x = 0.",
                lam + height * freq**2 - sp.Derivative(surface, weight, 2),
                2 * height * freq**2 * sp.sin(freq * weight / 2) ** 2,
            ),
            equal(
                "The second derivative exceeds -(lam + height freq^2) by a number that is "
                "not negative.",
                sp.Derivative(surface, weight, 2) + lam + height * freq**2,
                2 * lam + 2 * height * freq**2 * sp.cos(freq * weight / 2) ** 2,
            ),
        ),
        twins={
            "the layer's own step counted as shift": {
                "covariate shift": eta * (lam + height * freq**2) ** 2,
                "roughness": lam + height * freq**2,
            },
            "as smooth as without bumps": {
                "covariate shift": sp.S.Zero,
                "roughness": lam,
            },
        },
        chain=chain(
            outputs={
                "covariate shift": (
                    because("No layer below the first takes a step.", slopes.steps()),
                ),
                "roughness": (
                    because(
                        "The second derivative is largest at 0. The value at 0 exceeds the "
                        "second derivative, with either sign, by a number that is not negative.",
                        extremes.extreme(
                            at=0,
                            gap=(
                                2 * height * freq**2 * sp.sin(freq * weight / 2) ** 2,
                                2 * lam + 2 * height * freq**2 * sp.cos(freq * weight / 2) ** 2,
                            ),
                        ),
                    ),
                ),
            }
        ),
    )
