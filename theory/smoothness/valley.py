"""A valley with bumps, and smoothed: descent stuck at a small rate, thrown out at a large one."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import by_step, chain
from theory.claim import Derivation, Step, claim
from theory.functions.heads import inf, sup
from theory.functions.numbers import escape_rate
from theory.proofs.tactics import cited, equal, nonnegative, positive
from theory.proofs.unevaluated import derivative, value_at

SOURCE = "rethinking"
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
        shown=sp.Eq(sp.tan(TANGENT, evaluate=False), factor * TANGENT, evaluate=False),
    )


@claim("identity", BUMPS, (cite(SOURCE, "the red ball could end up getting stuck"),), (VALLEY,))
def trap() -> Derivation:
    """The valley lam x^2/2 + height (1 - cos(freq x)) has a stationary point other than its
    minimum, where descent at a small rate can get stuck, exactly if height freq^2 >= 4.6033 lam.
    The number is 1/max(-sin(theta)/theta) = sqrt(1 + theta^2) at tan(theta) = theta = 4.4934."""
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
                "freq^2). The slope is odd in x, so take theta > 0.",
                value_at(slope, {x: theta / freq}),
                height * freq * theta * (lam / (height * freq**2) + sp.sin(theta) / theta),
            ),
            equal(
                "The slope of sin(theta)/theta is zero where tan(theta) = theta.",
                sp.Derivative(sp.sin(theta) / theta, theta),
                sp.cos(theta) * (theta - sp.tan(theta)) / theta**2,
            ),
            equal(
                "Where this slope is zero, sin(theta)/theta is cos(theta), as tan(theta) = theta.",
                sp.sin(theta) / theta - sp.cos(theta),
                sp.cos(theta) * (sp.tan(theta) - theta) / theta,
            ),
            equal(
                "This cosine has the size 1/sqrt(1 + tan(theta)^2).",
                sp.cos(theta) ** 2,
                1 / (1 + sp.tan(theta) ** 2),
            ),
            nonnegative(
                "The size falls as theta = tan(theta) grows: of the negative values the "
                "first is the least.",
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
        missing="The definition asks for a stationary point, and no rule finds one. A rule would "
        "need that sin(theta)/theta takes each value above its least. The closed form has the "
        "first solution of tan(theta) = theta as 36 digits, and not as an exact number.",
    )


@claim(
    "identity",
    BUMPS,
    (
        cite(SOURCE, "it might move over to another valley entirely"),
        cite("singer1978"),
        cite("demelovanstrien1993", "chapter III, theorem 5.1"),
    ),
    (VALLEY,),
)
def largest_rate_in_a_bump() -> Derivation:
    """Descent in the valley f(x) = lam x^2/2 + height (1 - cos(freq x)) that starts next to the
    minimum comes to rest there for rates below "rests", 2/(lam + height freq^2). Above this rate it
    swings about the minimum. Let b be the first top beyond the minimum. Descent from between -b and
    b stays between them up to the rate "leaves", the least (x + b)/f'(x) over 0 < x < b. Above this
    rate almost every such descent passes a top, although the valley without bumps allows rates up
    to 2/lam. For height freq^2 < 4.6033 lam there is no top, and "leaves" is infinity."""
    curved, bend = lam + height * freq**2, height * freq**2
    rests, leaves = 2 / curved, escape_rate(lam / bend) / bend
    slope = sp.diff(valley(x), x)
    step = x - eta * sp.Derivative(valley(x), x)
    factor = sp.Derivative(step, x)
    place = sp.Symbol("b", real=True)
    first_top = inf(place, place, place > 0, sp.Eq(slope.subs(x, place), 0))
    top, gap, q = sp.symbols("b gap a", positive=True)
    shape, f = q * theta + sp.sin(theta), sp.Function("f")
    move = theta - eta * shape
    first, second, third = (sp.diff(move, theta, order) for order in (1, 2, 3))
    at_right_angle = (sp.pi / 2 + (1 - gap) / q) / (q * sp.pi / 2 + 1)
    return Derivation(
        definition={
            "rests": sup(eta, eta, sp.Abs(sp.Subs(factor, x, 0), evaluate=False) < 1),
            "leaves": inf(eta, eta, inf(step, x, x > 0, x < first_top) < -first_top),
        },
        closed_form={"rests": rests, "leaves": leaves},
        steps=(
            equal(
                "A step of descent multiplies a small distance from the minimum by 1 - eta f''(0).",
                value_at(factor, {x: 0}),
                1 - eta * curved,
            ),
            equal(
                "The square of the factor 1 - eta f''(0) is less than 1 exactly where this "
                "product is positive, eta < 2/f''(0).",
                1 - (1 - eta * curved) ** 2,
                eta * curved**2 * (rests - eta),
            ),
            positive(
                "The rate 2/f''(0) is less than the rate 2/lam that the valley without bumps "
                "allows.",
                2 / lam - rests,
            ),
            equal(
                "Inside the bump f' has the sign of x, so a step goes towards the minimum. From x "
                "it ends beyond -b exactly where eta > (x + b)/f'(x).",
                x - eta * slope + top,
                slope * ((x + top) / slope - eta),
            ),
            equal(
                "The least such rate is where f' = (x + b) f'', so that it is 1/f''.",
                derivative((x + top) / sp.diff(f(x), x), x),
                (sp.diff(f(x), x) - (x + top) * sp.diff(f(x), x, 2)) / sp.diff(f(x), x) ** 2,
            ),
            equal(
                "With theta = freq x and a = lam/(height freq^2), the slope f' is height "
                "freq times a theta + sin(theta).",
                value_at(slope, {x: theta / freq}),
                height * freq * value_at(shape, {q: lam / bend}),
            ),
            equal(
                "The slope vanishes at b: there a = -sin(b)/b. So the place is where "
                "sin(theta) + sin(b) is (theta + b) cos(theta).",
                value_at(shape - (theta + top) * derivative(shape, theta), {q: -sp.sin(top) / top}),
                sp.sin(theta) + sp.sin(top) - (theta + top) * sp.cos(theta),
            ),
            equal(
                "This happens only once, before pi/2: the difference falls from b - sin(b) "
                "> 0 to -1 - sin(b) < 0, with a slope that is negative.",
                derivative((theta + top) * sp.cos(theta) - sp.sin(theta) - sp.sin(top), theta),
                -(theta + top) * sp.sin(theta),
            ),
            positive(
                "As a b = -sin(b) = 1 - gap is below 1, the rate at pi/2 is below 2/a already.",
                sp.together(2 / q - at_right_angle),
            ),
            equal(
                "The map theta -> theta - eta (a theta + sin(theta)), where its slope vanishes "
                "somewhere, |1 - eta a| < eta, has a negative Schwarzian derivative: its sign is "
                "the sign of -2 (eta - (1 - eta a) cos(theta)) - eta sin(theta)^2.",
                third * first - sp.Rational(3, 2) * second**2,
                -eta / 2 * (2 * (eta - (1 - eta * q) * sp.cos(theta)) + eta * sp.sin(theta) ** 2),
            ),
            cited(
                "So an attracting cycle between -b and b would attract one of the two places "
                "where the slope vanishes.",
                cite("singer1978"),
            ),
            cited(
                'Above the rate "leaves" both places leave at once. Then the points that stay '
                "for ever have measure zero.",
                cite("demelovanstrien1993", "chapter III, theorem 5.1"),
            ),
        ),
        twins={
            "of the valley without bumps": {"rests": 2 / lam, "leaves": 2 / lam},
            "the range without oscillation": {"rests": 1 / curved, "leaves": leaves},
            "it leaves as soon as it does not rest": {"rests": rests, "leaves": rests},
        },
        missing="The definitions are about one step of descent, and the statement about all steps. "
        "The steps find both rates, but no rule leads from one step to all. That almost every "
        "descent leaves is cited, and needs a measure.",
    )


@claim(
    "identity",
    (*BUMPS, s.x, s.window),
    (cite(SOURCE, "changing the loss landscape from this bumpy shape"),),
    (VALLEY,),
)
def smoothed_valley() -> Derivation:
    """The valley lam x^2/2 + height (1 - cos(freq x)), averaged over a window on both sides, keeps
    its shape, raised by lam window^2/6, and its bumps are multiplied by sin(freq window)/(freq
    window). No bumps are left where freq window is a multiple of pi, at pi with one whole bump in
    the window."""
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
            equal(
                "The valley at x + s is averaged over s from -window to window. The parabola is "
                "raised by lam window^2/6, and the cosine is multiplied by sin(freq "
                "window)/(freq window).",
                average,
                closed(share),
            ),
            equal(
                "At freq window = pi no bump is left.",
                value_at(closed(share), {window: sp.pi / freq}),
                lam * x**2 / 2 + lam * sp.pi**2 / (6 * freq**2) + height,
            ),
        ),
        twins={
            "bumps as before": closed(sp.S.One),
            "bumps as at the ends of the window": closed(sp.cos(freq * window)),
            "of a window half as long": closed(share.subs(window, window / 2)),
        },
        chain=chain(
            by_step(
                "The valley at x + s is averaged over s from -window to window. The parabola is "
                "raised by lam window^2/6, and the cosine is multiplied by sin(freq window)/(freq "
                "window).",
                1,
            )
        ),
    )
