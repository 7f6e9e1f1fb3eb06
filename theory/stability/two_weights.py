"""The smallest deep net, two weights in a row: descent swings into flatter minima."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, by_step, chain
from theory.claim import Derivation, claim
from theory.domain import Condition, Given
from theory.functions.descents import end_of_descent
from theory.functions.eigenvalues import largest
from theory.functions.flows import end_of_flow
from theory.proofs.covers import sum_not_zero
from theory.proofs.rules import descents, flows
from theory.proofs.rules.flows import Faster, kept
from theory.proofs.tactics import cited, equal, nonnegative, positive
from theory.proofs.theorems import dynamics
from theory.proofs.unevaluated import derivative, unevaluated, value_at
from theory.stability.letters import SOURCE, eta

a, b = s.a.symbol, s.b.symbol
MODEL = "the loss (a b - 1)^2/2 of the smallest deep net, two weights in a row"
error = a * b - 1
STEP = {a: a - eta * error * b, b: b - eta * error * a}
LOSS = error**2 / 2
#: The two weights on their way, their loss, its Hessian, and the larger curvature of the two.
p, q = sp.symbols("a_t b_t", real=True)
MOVING = LOSS.subs({a: p, b: q})
CURVED = sp.ImmutableMatrix(sp.hessian(MOVING, (p, q)))
LARGER = (p**2 + q**2) / 2 + sp.sqrt((p**2 - q**2) ** 2 / 4 + (2 * p * q - 1) ** 2)
AT_THE_START = Condition("eta |ab - 1| <= sqrt(2) at the start", eta * sp.Abs(error) <= sp.sqrt(2))
SWING = Given("eta |ab - 1| <= sqrt(2) all the way", eta * sp.Abs(p * q - 1) <= sp.sqrt(2))


def step(expression: sp.Expr) -> sp.Expr:
    """``expression`` after a step of gradient descent."""
    return expression.subs(STEP, simultaneous=True)


def along_flow(expression: sp.Expr) -> sp.Expr:
    """The slope of ``expression`` in time along gradient flow."""
    return -error * (b * derivative(expression, a) + a * derivative(expression, b))


@claim(
    "identity",
    (s.a, s.b, s.eta),
    (cite("wang2022"), cite(SOURCE, "the highest stable learning rate")),
    (MODEL,),
)
def imbalance() -> Derivation:
    """Gradient descent on (ab - 1)^2/2 multiplies the imbalance a^2 - b^2 by 1 - eta^2 (ab - 1)^2
    at every step. Gradient flow keeps the imbalance. Whatever makes descent swing makes the two
    weights more alike."""
    flow = -2 * a * derivative(LOSS, a) + 2 * b * derivative(LOSS, b)
    return Derivation(
        definition=step(a**2 - b**2),
        closed_form=(a**2 - b**2) * (1 - eta**2 * error**2),
        steps=(
            equal(
                "A step of descent takes the weight a to a - eta b (ab - 1).",
                a - eta * derivative(LOSS, a),
                STEP[a],
            ),
            equal(
                "A step of descent takes the weight b to b - eta a (ab - 1).",
                b - eta * derivative(LOSS, b),
                STEP[b],
            ),
            equal(
                "In the difference of the squares of both new weights the terms in eta cancel. "
                "The terms in eta^2 hold the factor a^2 - b^2.",
                step(a**2 - b**2),
                (a**2 - b**2) * (1 - eta**2 * error**2),
            ),
            equal(
                "Gradient flow changes the imbalance at the rate 2a a' - 2b b', where a' and b' "
                "are minus the slopes of the loss. This rate is 0.",
                flow,
                0,
            ),
        ),
        twins={
            "kept, as by gradient flow": a**2 - b**2,
            "of first order in the rate": (a**2 - b**2) * (1 - eta * sp.Abs(error)),
            "the sign of the second order": (a**2 - b**2) * (1 + eta**2 * error**2),
        },
        chain=chain(by_step("After a step in both weights the terms in eta cancel.", 3)),
    )


@claim(
    "identity",
    (s.a, s.b),
    (cite("wang2022"), cite("cohen2021")),
    (
        MODEL,
        Condition("a + b is not 0, where the flow would end in the saddle (0, 0)", sp.Ne(a + b, 0)),
    ),
)
def sharpness_of_flow() -> Derivation:
    """Gradient flow on (ab - 1)^2/2 from (a, b) with a + b not zero ends in a minimum whose largest
    curvature is sqrt((a^2 - b^2)^2 + 4). At a minimum the largest curvature is a^2 + b^2, and the
    imbalance a^2 - b^2 is kept. Starts with a + b = 0 end in the saddle (0, 0), where the largest
    curvature is 1."""
    matrix = sp.hessian(LOSS, (a, b))
    u = sp.Symbol("u", real=True, nonzero=True)  # a at a minimum, where b = 1/a
    at_minimum = matrix.subs({a: u, b: 1 / u})

    def at_the_end(value: sp.Expr) -> sp.Expr:
        return end_of_flow(value, MOVING, (p, q), (a, b))

    gone = flows.error
    return Derivation(
        definition=at_the_end(largest(CURVED)),
        closed_form=sp.sqrt((a**2 - b**2) ** 2 + 4),
        steps=(
            equal(
                "At a minimum a = u and b = 1/u. The determinant of the Hessian, the product of "
                "both curvatures, is zero, so one curvature is zero.",
                unevaluated(sp.Determinant(at_minimum)),
                0,
            ),
            equal(
                "The other curvature is the trace of the Hessian, a^2 + b^2 = u^2 + 1/u^2.",
                unevaluated(sp.Trace(at_minimum)),
                u**2 + 1 / u**2,
            ),
            equal(
                "The square of this curvature is 4 plus the square of the imbalance a^2 - b^2 = "
                "u^2 - 1/u^2.",
                (u**2 + 1 / u**2) ** 2,
                (u**2 - 1 / u**2) ** 2 + 4,
            ),
            equal(
                "The flow moves a at the rate (1 - ab) b, and b at the rate (1 - ab) a. It "
                "keeps the imbalance a^2 - b^2 (stability.imbalance).",
                along_flow(a**2 - b**2),
                0,
            ),
            equal(
                "Along the flow the error ab - 1 decays at the rate a^2 + b^2.",
                along_flow(error),
                -(a**2 + b**2) * error,
            ),
            equal(
                "Where ab > 1 this rate a^2 + b^2 exceeds 2, as it is 2ab plus a square.",
                a**2 + b**2,
                (a - b) ** 2 + 2 * a * b,
            ),
            equal(
                "Where ab < 1 the rate a^2 + b^2 is at least (a + b)^2/2, as the rest is a square.",
                a**2 + b**2,
                (a + b) ** 2 / 2 + (a - b) ** 2 / 2,
            ),
            equal(
                "Where ab < 1 the sum a + b grows at the rate 1 - ab times itself, so |a + b| "
                "grows. So the rate a^2 + b^2 stays away from zero, the error vanishes "
                "exponentially, and the flow ends in a minimum.",
                along_flow(a + b),
                -error * (a + b),
            ),
            equal(
                "With a + b = 0 the sum stays zero and the flow ends in (0, 0). The Hessian "
                "there has the curvatures 1 and -1, and their product -1 is its determinant.",
                unevaluated(sp.Determinant(matrix.subs({a: 0, b: 0}))),
                -1,
            ),
        ),
        twins={
            "of the start": sp.sqrt((a**2 + b**2) ** 2 + 4),
            "the imbalance alone": sp.Abs(a**2 - b**2),
            "of balanced weights": sp.Integer(2),
        },
        chain=chain(
            because(
                "The largest eigenvalue of a 2 x 2 matrix is a formula in its entries.",
                flows.larger_of_two(),
                at_the_end(LARGER),
            ),
            because(
                "At the end of the flow the error ab - 1 is 0, and the imbalance a^2 - b^2 is "
                "that of the start.",
                flows.error_vanishes(
                    of=sp.sqrt(kept**2 + 4 * (1 + gone) ** 2) / 2
                    + sp.sqrt(kept**2 / 4 + (1 + 2 * gone) ** 2),
                    means=(p * q - 1, p**2 - q**2),
                    rate=p**2 + q**2,
                    positive=Faster(least=sp.Integer(2), gap=(p - q) ** 2, factor=2, growth=0),
                    negative=Faster(
                        least=(p + q) ** 2 / 2,
                        gap=(p - q) ** 2 / 2,
                        factor=0,
                        growth=(p + q) ** 2,
                    ),
                ),
            ),
            covers=(sum_not_zero(a, b),),
        ),
    )


@claim(
    "bound",
    (s.a, s.b, s.eta.within(high=1)),
    (cite("cohen2021"), cite("wang2022")),
    (
        MODEL,
        "descent from (a, b) converges to a minimum, as it does from almost every start that does "
        "not diverge",
        AT_THE_START,
        SWING,
        "up to starts of measure zero",
    ),
)
def sharpness_found() -> Derivation:
    """The minimum that gradient descent on (ab - 1)^2/2 finds has a largest curvature of at least 2
    and at most 2/eta, where it is just stable. The curvature is also at most that of gradient
    flow's minimum. So a large rate finds a flatter minimum."""
    below = sp.Symbol("rest", positive=True)
    squared = sp.Symbol("(a^2-b^2)^2", positive=True)
    top = sp.Symbol("lambda", positive=True)
    rate = 1 / (1 + below)

    def at_the_end(value: sp.Expr) -> sp.Expr:
        return end_of_descent(value, MOVING, (p, q), (a, b), eta)

    there = {"error": p * q - 1, "minima": {q: 1 / p}}
    return Derivation(
        definition=at_the_end(largest(CURVED)),
        closed_form={
            "lower": sp.Integer(2),
            "upper": sp.Min(2 / eta, sp.sqrt((a**2 - b**2) ** 2 + 4)),
        },
        steps=(
            equal(
                "At a minimum b = 1/a. The curvature a^2 + b^2 is (a - b)^2 + 2 there, so it is "
                "at least 2.",
                value_at(a**2 + b**2, {b: 1 / a}),
                value_at((a - b) ** 2 + 2, {b: 1 / a}),
            ),
            equal(
                "The least curvature, 2, is reached by a = b = 1.",
                value_at(a**2 + b**2, {a: 1, b: 1}),
                2,
            ),
            positive(
                "A minimum whose curvature exceeds 2/eta, here by lambda, repels: eta times "
                "this curvature exceeds 2, so a step multiplies the displacement by less than "
                "-1.",
                (eta * (2 / eta + top) - 1) - 1,
            ),
            positive(
                "The determinant of a step's derivative is a polynomial in a and b. At the "
                "origin it is positive, here for eta = 1/(1 + rest). So it is not zero "
                "everywhere, and what leads to a set of measure zero has measure zero.",
                value_at(
                    value_at(sp.Matrix([step(a), step(b)]).jacobian([a, b]).det(), {a: 0, b: 0}),
                    {eta: rate},
                ),
            ),
            cited(
                "So almost no start is led into a minimum that repels",
                cite("lee2019"),
            ),
            nonnegative(
                "Where eta^2 (ab - 1)^2 is at most 2, here 2/(1 + rest), no step makes the "
                "imbalance larger: the square of its factor 1 - eta^2 (ab - 1)^2 is at most 1.",
                1 - (1 - 2 * rate) ** 2,
            ),
            positive(
                "The curvature rises with the square of the imbalance "
                "(stability.sharpness_of_flow).",
                derivative(sp.sqrt(squared + 4), squared),
            ),
        ),
        twins={
            "the range without oscillation, 1/eta": {
                "lower": sp.Integer(2),
                "upper": sp.Min(1 / eta, sp.sqrt((a**2 - b**2) ** 2 + 4)),
            },
            "as flow, whatever the rate": {
                "lower": sp.Integer(2),
                "upper": sp.sqrt((a**2 - b**2) ** 2 + 4),
            },
            "a minimum can be as flat as one likes": {
                "lower": sp.Integer(0),
                "upper": sp.Min(2 / eta, sp.sqrt((a**2 - b**2) ** 2 + 4)),
            },
        },
        chain=chain(
            outputs={
                "lower": (
                    because(
                        "The largest eigenvalue of a 2 x 2 matrix is a formula in its entries.",
                        flows.larger_of_two(),
                        at_the_end(LARGER),
                    ),
                    because(
                        "Where ab = 1 the curvature is a^2 + b^2 = (a - b)^2 + 2, least at a = b.",
                        descents.bounded_at_minima(**there, reached={p: sp.Integer(1)}),
                        relation=">=",
                    ),
                ),
                "upper": (
                    because(
                        "Almost no start is led into a minimum that repels.",
                        dynamics.unstable_minima_are_avoided(MOVING, (p, q), (a, b), eta, (0, 0)),
                        sp.Min(2 / eta, at_the_end(largest(CURVED))),
                        "<=",
                    ),
                    because(
                        "The largest eigenvalue of a 2 x 2 matrix is a formula in its entries.",
                        flows.larger_of_two(),
                        sp.Min(2 / eta, at_the_end(LARGER)),
                    ),
                    because(
                        "No step makes the imbalance larger, and the curvature of a minimum grows "
                        "with its square.",
                        descents.shrinking_imbalance(
                            **there,
                            of=sp.sqrt(kept**2 + 4),
                            imbalance=p**2 - q**2,
                            swing=SWING.relation,
                        ),
                        relation="<=",
                    ),
                ),
            },
        ),
    )
