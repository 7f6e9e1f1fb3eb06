"""A valley with bumps, and smoothed: descent stuck at a small rate, thrown out at a large one."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.claim import Derivation, Step, claim
from theory.proof import equal, nonnegative, positive

SEED = "rethinking"
VALLEY = "the valley f(x) = lam x^2/2 + height (1 - cos(freq x)), with its minimum at 0"
lam, height, freq, window = s.lam.symbol, s.height.symbol, s.freq.symbol, s.window.symbol
x, eta = s.x.symbol, s.eta.symbol
BUMPS = (s.lam, s.height, s.freq)
#: The least positive solution of tan(theta) = theta.
TANGENT = sp.Float("4.4934094579090641753078809272803220822", 36)
#: -min sin(theta)/theta.
DEEPEST = 1 / sp.sqrt(1 + TANGENT**2)
theta = sp.Symbol("theta", positive=True)


def valley(at: sp.Expr, bump: sp.Expr = height) -> sp.Expr:
    """The height of the valley, with bumps of height 2 ``bump``."""
    return lam * at**2 / 2 + bump * (1 - sp.cos(freq * at))


def first_tangent(factor: sp.Expr) -> Step:
    """The step that tan(TANGENT) is ``factor`` TANGENT, which holds for the factor 1."""

    def proof() -> bool:
        nearby = sp.Float(10) ** -30
        below, above = (sp.tan(TANGENT + side * nearby) - factor * TANGENT for side in (-1, 1))
        return bool(sp.pi < TANGENT < 3 * sp.pi / 2 and below < 0 < above)

    return Step(
        "The first, on (pi, 3 pi/2), where the sine is negative: tan(theta) = theta at this "
        "number, to 30 digits.",
        sp.Eq(sp.tan(TANGENT), factor * TANGENT, evaluate=False),
        proof,
        restate=first_tangent,
    )


@claim("identity", BUMPS, (cite(SEED, "the red ball could end up getting stuck"),), (VALLEY,))
def trap() -> Derivation:
    """The valley has a stationary point other than its minimum, where descent at a small rate can
    get stuck, exactly if height freq^2 >= 4.6033 lam; the number is 1/max(-sin(theta)/theta) =
    sqrt(1 + theta^2) at tan(theta) = theta = 4.4934."""
    slope = sp.Derivative(valley(x), x)
    least = sp.Symbol("low", positive=True)
    spread = sp.Symbol("spread", nonnegative=True)
    trapped = sp.Ge(height * freq**2 * DEEPEST, lam)
    return Derivation(
        definition=sp.Function("exists")(sp.And(sp.Eq(slope, 0), sp.Ne(x, 0))),
        closed_form=sp.Piecewise((1, trapped), (0, True)),
        steps=(
            equal(
                "At x = theta/freq the slope is zero where sin(theta)/theta = -lam/(height "
                "freq^2); it is odd, so take theta > 0.",
                slope.doit().subs(x, theta / freq),
                height * freq * theta * (lam / (height * freq**2) + sp.sin(theta) / theta),
            ),
            equal(
                "sin(theta)/theta turns round where tan(theta) = theta, ...",
                sp.Derivative(sp.sin(theta) / theta, theta),
                sp.cos(theta) * (theta - sp.tan(theta)) / theta**2,
            ),
            equal(
                "... there it is cos(theta), ...",
                sp.sin(theta) / theta - sp.cos(theta),
                sp.cos(theta) * (sp.tan(theta) - theta) / theta,
            ),
            equal(
                "... of size 1/sqrt(1 + tan^2), ...",
                sp.cos(theta) ** 2,
                1 / (1 + sp.tan(theta) ** 2),
            ),
            nonnegative(
                "... which falls as theta grows: of the negative values the first is the least.",
                1 / (1 + least**2) - 1 / (1 + (least + spread) ** 2),
            ),
            first_tangent(sp.Integer(1)),
        ),
        twins={
            "wherever it is not convex: height freq^2 >= lam": sp.Piecewise(
                (1, sp.Ge(height * freq**2, lam)), (0, True)
            ),
            "at theta = 3 pi/2, where the sine is least": sp.Piecewise(
                (1, sp.Ge(2 * height * freq**2, 3 * sp.pi * lam)), (0, True)
            ),
        },
    )


@claim("identity", BUMPS, (cite(SEED, "it might move over to another valley entirely"),), (VALLEY,))
def largest_rate_in_a_bump() -> Derivation:
    """Descent that starts next to the minimum stays there for rates below 2/(lam + height freq^2)
    and is thrown out above, although the valley itself would allow 2/lam."""
    curved = lam + height * freq**2
    rate = 2 / curved
    step = x - eta * sp.Derivative(valley(x), x)
    factor = sp.Derivative(step, x)
    return Derivation(
        definition=sp.Function("sup")(eta, sp.Abs(factor) < 1),
        closed_form=rate,
        steps=(
            equal(
                "A step of descent multiplies a small distance from the minimum by 1 - eta f''(0).",
                factor.doit().subs(x, 0),
                1 - eta * curved,
            ),
            equal(
                "Its square is less than 1 exactly where this product is positive, eta < 2/f''(0).",
                1 - (1 - eta * curved) ** 2,
                eta * curved**2 * (rate - eta),
            ),
            positive("That is less than the valley without bumps allows.", 2 / lam - rate),
        ),
        twins={
            "of the valley without bumps": 2 / lam,
            "the range without oscillation": 1 / curved,
        },
    )


@claim(
    "identity",
    (*BUMPS, s.x, s.window),
    (cite(SEED, "changing the loss landscape from this bumpy shape"),),
    (VALLEY,),
)
def smoothed_valley() -> Derivation:
    """Averaged over a window on both sides the valley keeps its shape, raised by lam window^2/6,
    and its bumps are multiplied by sin(freq window)/(freq window): none are left where freq window
    is a multiple of pi, one whole bump in the window."""
    shift = sp.Symbol("s", real=True)
    share = sp.sin(freq * window) / (freq * window)

    def closed(share: sp.Expr) -> sp.Expr:
        raised = lam * window**2 / 6
        return lam * x**2 / 2 + raised + height * (1 - share * sp.cos(freq * x))

    average = sp.Integral(valley(x + shift), (shift, -window, window)) / (2 * window)
    return Derivation(
        definition=average,
        closed_form=closed(share),
        steps=(
            equal("The integral over the window.", average, closed(share)),
            equal(
                "At freq window = pi no bump is left.",
                closed(share).subs(window, sp.pi / freq),
                lam * x**2 / 2 + lam * sp.pi**2 / (6 * freq**2) + height,
            ),
        ),
        twins={
            "bumps as before": closed(sp.S.One),
            "bumps as at the ends of the window": closed(sp.cos(freq * window)),
            "of a window half as long": closed(share.subs(window, window / 2)),
        },
    )
