"""The modes: descent along one eigenvector, its regimes and its time constant."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Approached, Link, because, by_step, calculated, chain
from theory.claim import Derivation, claim
from theory.domain import Condition
from theory.functions.columns import inner
from theory.functions.rates import after_steps, eigenvector_to
from theory.proofs.covers import product_below, split
from theory.proofs.rules import growth, repetition
from theory.proofs.tactics import cited, equal, positive
from theory.proofs.unevaluated import derivative, value_at
from theory.quadratic.letters import (
    DATA_R,
    IDENTITY,
    OPTIMUM,
    ROTATION,
    SOURCE,
    SPECTRAL,
    START,
    D,
    U,
    W,
    eta,
    inside,
    k,
    lam,
)

#: Along an eigenvector, of the eigenvalue lam, the displacement from the minimum is this.
ALONG = inner(eigenvector_to(DATA_R, lam), W - OPTIMUM)


def kept_after(steps: sp.Expr) -> sp.Expr:
    """What ``steps`` steps of descent, from any start, make of the displacement ALONG, over it."""
    last = after_steps(W - eta * (DATA_R * W - DATA_R * OPTIMUM), W, START, steps)
    return ALONG.xreplace({W: last}) / ALONG.xreplace({W: START})


def multiplied(right: sp.Expr | None = None) -> Link:
    """The displacement along an eigenvector after many steps."""
    return because(
        "Each step multiplies the displacement along the eigenvector by 1 - eta lam.",
        repetition.multiplied_by_each_step(quantity=ALONG, factor=1 - eta * lam),
        right,
    )


@claim("identity", (s.lam, s.eta, s.k), (cite(SOURCE, "v_j(k)"), cite("lecun1991", "eq. (3)")))
def decay() -> Derivation:
    """Gradient descent multiplies the displacement V_j from the minimum, along an eigenvector of
    the Hessian with the eigenvalue lam, by 1 - eta lam per step: after k steps it is V_j(k) = (1 -
    eta lam)^k V_j(0)."""
    n = sp.Symbol("n", integer=True)
    after = sp.Function("V_j")
    solved = sp.rsolve(after(n + 1) - (1 - eta * lam) * after(n), after(n), {after(0): 1})
    closed = (1 - eta * lam) ** k
    matrix = U * D * U.T
    return Derivation(
        definition=kept_after(k),
        closed_form=closed,
        steps=(
            cited("R = UDU' with U orthogonal and D diagonal", SPECTRAL),
            equal(
                "A step multiplies V = U'(W - W*) by the diagonal matrix I - eta D.",
                U.T * (W - eta * (matrix * W - matrix * OPTIMUM) - OPTIMUM),
                (IDENTITY - eta * D) * (U.T * (W - OPTIMUM)),
                ROTATION,
            ),
            equal(
                "SymPy solves the recursion V_j(n+1) = V_j(n) - eta lam V_j(n) with V_j(0) "
                "= 1. At n = k its solution is (1 - eta lam)^k.",
                value_at(solved, {n: k}),
                closed,
            ),
        ),
        twins={
            "gradient flow exp(-eta lam k)": sp.exp(-eta * lam * k),
            "gradient twice too large": (1 - 2 * eta * lam) ** k,
        },
        chain=chain(multiplied()),
    )


@claim(
    "identity",
    (s.lam, s.eta),
    (
        cite(SOURCE, "eta in range (1/lambda_j, 2/lambda_j)"),
        cite("page2019", "highest stable rate"),
    ),
)
def regimes() -> Derivation:
    """Along an eigenvector of eigenvalue lam the displacement from the minimum keeps its sign for
    eta < 1/lam, vanishes in one step at eta = 1/lam and changes its sign at every step for eta >
    1/lam ("sign" 1, 0, -1). The displacement shrinks for eta < 2/lam, keeps its size at 2/lam and
    grows for eta > 2/lam ("growth" -1, 0, 1)."""
    now = sp.Symbol("V_j", real=True, nonzero=True)
    then = now - eta * lam * now
    x = eta * lam
    kept = kept_after(sp.S.One)
    return Derivation(
        definition={"sign": sp.sign(kept), "growth": sp.sign(sp.Abs(kept, evaluate=False) - 1)},
        closed_form={"sign": sp.sign(1 - x), "growth": sp.sign(x - 2)},
        steps=(
            equal(
                "The displacement before a step times the displacement after it is V_j^2 (1 - "
                "eta lam).",
                now * then,
                now**2 * (1 - x),
            ),
            positive(
                "The square V_j^2 is positive, so this product has the sign of 1 - eta lam: "
                "positive where the displacement keeps its sign.",
                now**2,
            ),
            equal(
                "The square of the displacement grows in a step by V_j^2 eta lam (eta lam - 2).",
                then**2 - now**2,
                now**2 * x * (x - 2),
            ),
            positive(
                "The factor V_j^2 eta lam is positive, so the displacement grows exactly if eta "
                "lam > 2.",
                now**2 * x,
            ),
        ),
        twins={
            "the range without oscillation taken for that of convergence": {
                "sign": sp.sign(1 - x),
                "growth": sp.sign(x - 1),
            },
            "no oscillation as long as it shrinks": {
                "sign": sp.sign(2 - x),
                "growth": sp.sign(x - 2),
            },
        },
        chain=chain(
            outputs={
                "sign": (multiplied(),),
                "growth": (
                    multiplied(sp.sign(sp.Abs(1 - x) - 1)),
                    calculated(
                        "|1 - eta lam| is below 1 for eta lam < 2, equal to 1 at 2, and above 1 "
                        "for larger values."
                    ),
                ),
            },
            covers=(split(eta, 1 / lam, 2 / lam),),
        ),
    )


@claim(
    "identity",
    (s.lam, s.eta),
    (cite(SOURCE, "tj = 1/(eta*lambda_j)"),),
    (Condition("0 < eta lam < 2", eta * lam < 2),),
)
def time_constant() -> Derivation:
    """The displacement from the minimum along an eigenvector of eigenvalue lam shrinks by a factor
    e in -1/ln|1 - eta lam| steps. This number of steps is the same for eta lam and for 2 - eta lam,
    and 1/(eta lam) is its leading term for eta lam -> 0."""
    factor = sp.Symbol("f", positive=True)
    closed = -1 / sp.log(sp.Abs(1 - eta * lam))
    steps = s.k.within(low=1).symbol
    kept = (1 - eta * lam) ** steps
    x = sp.Symbol("x", positive=True)
    small = -1 / sp.log(1 - x)
    return Derivation(
        definition=steps / sp.log(1 / sp.Abs(kept_after(steps), evaluate=False)),
        closed_form=closed,
        steps=(
            equal(
                "After k steps |V_j(k)| = f^k |V_j(0)| with f = |1 - eta lam|. Since f^k = "
                "exp(k ln f), the factor 1/e is reached at k = -1/ln f.",
                factor**k,
                sp.exp(-k / (-1 / sp.log(factor))),
            ),
            equal(
                "At 2 - eta lam in place of eta lam, 1 - eta lam becomes eta lam - 1: its "
                "square, and so its absolute value, is the same.",
                (1 - (2 - eta * lam)) ** 2,
                (1 - eta * lam) ** 2,
            ),
            equal(
                "As x = eta lam tends to 0, the time constant minus 1/x tends to -1/2. So "
                "1/x is its leading term.",
                sp.Limit(small - 1 / x, x, 0),
                -sp.Rational(1, 2),
            ),
        ),
        twins={
            "printed: 1/(eta lam)": 1 / (eta * lam),
            "of the loss, which shrinks twice as fast": closed / 2,
        },
        chain=chain(
            multiplied(steps / sp.log(1 / sp.Abs(kept))),
            calculated("The logarithm of a power is a multiple: the steps drop out."),
            covers=(split(eta, 1 / lam),),
        ),
    )


@claim(
    "bound",
    (s.lam, s.eta),
    (cite(SOURCE, "tj = 1/(eta*lambda_j)"),),
    (Condition("0 < eta lam < 1", eta * lam < 1),),
)
def time_constant_bounds() -> Derivation:
    """The sources' time constant 1/x, x = eta lam, exceeds the exact one, -1/ln(1 - x), by between
    1/2 and 1: 1/x - 1 < -1/ln(1 - x) < 1/x - 1/2 for 0 < x < 1."""
    x = sp.Symbol("x", positive=True)
    y = -sp.log(1 - x)
    above, below = y - 2 * x / (2 - x), x / (1 - x) - y
    rate = eta * lam
    half = sp.Rational(1, 2)
    return Derivation(
        definition=-1 / sp.log(1 - rate),
        closed_form={"lower": 1 / rate - 1, "upper": 1 / rate - half},
        steps=(
            equal(
                "The function h(x) = -ln(1 - x) - 2x/(2 - x) is 0 at 0.", sp.Limit(above, x, 0), 0
            ),
            equal(
                "The derivative of h is a quotient whose factors are all positive for 0 < x < 1.",
                derivative(above, x),
                x**2 / ((1 - x) * (2 - x) ** 2),
            ),
            positive(
                "The derivative is positive on (0, 1), where x = rest/(1 + rest). So h(x) > "
                "0, that is -ln(1 - x) > 2x/(2 - x).",
                value_at(x**2 / ((1 - x) * (2 - x) ** 2), {x: inside(1)}),
            ),
            equal(
                "The reciprocals turn the inequality round: -1/ln(1 - x) < (2 - x)/(2x), and (2 "
                "- x)/(2x) is 1/x - 1/2.",
                (2 - x) / (2 * x),
                1 / x - half,
            ),
            equal("The function g(x) = x/(1 - x) + ln(1 - x) is 0 at 0.", sp.Limit(below, x, 0), 0),
            equal(
                "The derivative of g is a quotient whose factors are all positive for 0 < x < 1.",
                derivative(below, x),
                x / (1 - x) ** 2,
            ),
            positive(
                "The derivative is positive on (0, 1), where x = rest/(1 + rest). So g(x) > "
                "0, that is -ln(1 - x) < x/(1 - x).",
                value_at(x / (1 - x) ** 2, {x: inside(1)}),
            ),
            equal(
                "The reciprocals turn the inequality round: -1/ln(1 - x) > (1 - x)/x, and (1 - "
                "x)/x is 1/x - 1.",
                (1 - x) / x,
                1 / x - 1,
            ),
            equal(
                "As x tends to 0, the time constant minus its upper bound tends to 0.",
                sp.Limit(1 / y - (1 / x - half), x, 0),
                0,
            ),
            equal(
                "As x tends to 1, the time constant minus its lower bound tends to 0: the "
                "bound 1/x - 1 and the time constant both tend to 0.",
                sp.Limit(1 / y - (1 / x - 1), x, 1, "-"),
                0,
            ),
        ),
        twins={
            "printed: 1/(eta lam), as the upper bound": {
                "lower": 1 / rate - 1,
                "upper": 1 / rate,
            },
            "1/x - 1 as the upper bound": {"lower": 1 / rate - 2, "upper": 1 / rate - 1},
            "a lower bound too low by 1": {"lower": 1 / rate - 2, "upper": 1 / rate - half},
        },
        chain=chain(
            outputs={
                "lower": (
                    because(
                        "Both x/(1 - x) and -ln(1 - x) are 0 at x = eta lam = 0, and the "
                        "first grows faster: -1/ln(1 - x) >= (1 - x)/x.",
                        growth.inverse_of_what_grows_faster(letter=eta),
                        (1 - rate) / rate,
                        ">=",
                    ),
                    by_step("The quotient is written as a difference.", 8, where={x: rate}),
                ),
                "upper": (
                    because(
                        "Both -ln(1 - x) and 2x/(2 - x) are 0 at x = eta lam = 0, and the "
                        "logarithm grows faster: -1/ln(1 - x) <= (2 - x)/(2x).",
                        growth.inverse_of_what_grows_faster(letter=eta),
                        (2 - rate) / (2 * rate),
                        "<=",
                    ),
                    by_step("The quotient is written as a difference.", 4, where={x: rate}),
                ),
            },
            covers=(product_below(eta, lam, 1),),
            reached={side: Approached({"lam": 1, "eta": x}, x, 0) for side in ("lower", "upper")},
        ),
    )
