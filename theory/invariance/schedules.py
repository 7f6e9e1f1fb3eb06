"""Weight decay as a schedule: the same directions, without decay, at an exponential rate."""

from dataclasses import replace
from functools import partial

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.domain import Condition
from theory.functions.columns import inner
from theory.functions.equations import largest_zero_of, zero_of
from theory.functions.recursions import iterate
from theory.invariance.letters import (
    BELOW_ONE,
    INVARIANT,
    SHRINKS,
    SOURCE,
    N,
    beta,
    decay,
    eta,
    k,
    turn,
    way,
    x,
)
from theory.proofs import covers
from theory.proofs.rules import equations, recursion
from theory.proofs.rules.recursion import done
from theory.proofs.tactics import equal, nonnegative, positive
from theory.proofs.unevaluated import value_at

EXPONENTIAL = cite(SOURCE, "Exponentially increasing LR schedule (Li and Arora, 2020)")
LI = cite("liarora2020")
#: What the recursion keeps of the weights beside momentum: 1 + beta - eta decay.
SUM = 1 + beta - eta * decay
#: The larger root of a^2 - (1 + beta - eta decay) a + beta.
ROOT = (SUM + sp.sqrt(SUM**2 - 4 * beta)) / 2


@claim("identity", (s.eta, s.decay, s.k), (EXPONENTIAL, LI), (INVARIANT, SHRINKS))
def exponential_schedule() -> Derivation:
    """Descent without weight decay at the rates eta (1 - eta decay)^(-2k-1), k = 0, 1, ..., takes
    the weights through exactly the directions of descent with weight decay at the constant rate
    eta. Its weights are longer by (1 - eta decay)^-k."""
    keep, keeps = sp.Symbol("a", positive=True), 1 - eta * decay
    closed = (1 - eta * decay) ** (-2 * k - 1)
    weights, gradient = sp.MatrixSymbol("W", N, 1), sp.MatrixSymbol("g", N, 1)  # with decay
    long = keep**-k * weights
    short = keep**k * gradient  # the gradient at ``long``, of degree -1
    rate = eta * keep ** (-2 * k - 1)
    # one step of both, from weights in one direction w, c times as long without decay
    c, rate_of_any = sp.symbols("c rate", positive=True)
    size, pull = (sp.Function(name, positive=True) for name in ("|W|", "G"))  # at each step

    def with_decay(j: sp.Expr) -> sp.MatrixExpr:
        """The weights after step j with decay."""
        return (1 - eta * decay) * size(j) * way - eta * pull(j) / size(j) * turn

    def without(c: sp.Expr, rate: sp.Expr, j: sp.Expr) -> sp.MatrixExpr:
        """The weights after step j without decay."""
        return c * size(j) * way - rate * pull(j) / (c * size(j)) * turn

    def longer(c: sp.Expr, j: sp.Expr) -> sp.Expr:
        """The ratio of their parts along w: of their lengths, where they have one direction."""
        return inner(way, without(c, rate_of_any, j)) / inner(way, with_decay(j))

    def matching(c: sp.Expr) -> sp.Expr:
        """The rate at which they have one direction."""
        return zero_of(sp.Lambda(x, without(c, x, k) - longer(c, k) * with_decay(k)))

    lengths = iterate(sp.Lambda((c, done), longer(c, done)), sp.S.One, k)
    grown = keeps**-done
    induction = partial(
        because,
        "A step without decay keeps the part along w. A step with decay multiplies this part by a.",
        recursion.induction(is_=grown),
    )
    return Derivation(
        definition={
            "rate": matching(lengths),
            "length": lengths,
        },
        closed_form={"rate": eta * closed, "length": (1 - eta * decay) ** -k},
        steps=(
            equal(
                "Let Y(k) = a^-k W(k) with a = 1 - eta decay. Its gradient is a^k times the "
                "gradient at W(k). So a step without decay at the rate eta a^(-2k-1) leads "
                "it to a^-(k+1) times a W(k) - eta g.",
                long - rate * short,
                keep ** (-k - 1) * (keep * weights - eta * gradient),
            ),
            equal(
                "This is a^-(k+1) W(k+1), for W(k+1) = W - eta (g + decay W).",
                (keep ** (-k - 1) * (weights - eta * (gradient + decay * weights))),
                keep ** (-k - 1) * ((1 - eta * decay) * weights - eta * gradient),
            ),
        ),
        twins={
            "one power per step": {
                "rate": eta * (1 - eta * decay) ** (-k - 1),
                "length": (1 - eta * decay) ** -k,
            },
            "the first step at eta": {
                "rate": eta * (1 - eta * decay) ** (-2 * k),
                "length": (1 - eta * decay) ** -k,
            },
            "small eta decay": {
                "rate": eta * sp.exp(2 * eta * decay * k),
                "length": sp.exp(eta * decay * k),
            },
        },
        chain=chain(
            outputs={
                "rate": (
                    induction(matching(grown.subs(done, k))),
                    because(
                        "The parts orthogonal to w agree where the rate is eta times both "
                        "ratios of the lengths, before and after the step.",
                        equations.linear_zero(is_=eta * keeps**-k * keeps ** (-k - 1)),
                    ),
                ),
                "length": (induction(),),
            },
            covers=(BELOW_ONE,),
        ),
    )


@claim(
    "identity",
    (s.eta, s.beta, s.decay, s.k),
    (EXPONENTIAL, LI),
    (
        INVARIANT,
        "momentum v' = beta v + gradient + decay W, W' = W - eta v', from v = 0",
        Condition(
            "eta decay <= (1 - sqrt beta)^2, so that the root is real",
            eta * decay <= (1 - sp.sqrt(beta)) ** 2,
        ),
    ),
)
def exponential_schedule_with_momentum() -> Derivation:
    """With momentum, among the schedules eta a^(-2k-1), the one that replaces weight decay has the
    larger root a of a^2 - (1 + beta - eta decay) a + beta = 0, not 1 - eta decay/(1 - beta). It is
    exact only from the initial buffer -(1 - a) W_0/(eta a), with the weights W_0 at the start
    ("buffer" is the factor of W_0)."""
    a = sp.Symbol("a", positive=True)
    W, last, g = (sp.MatrixSymbol(name, N, 1) for name in ("W", "W_last", "g"))
    long, long_last = a**-k * W, a ** (1 - k) * last
    rate, rate_last = eta * a ** (-2 * k - 1), eta * a ** (-2 * k + 1)
    buffer = (long_last - long) / rate_last
    with_decay = W - eta * (beta * (last - W) / eta + g + decay * W)
    closed = {"rate": eta * ROOT ** (-2 * k - 1), "buffer": -(1 - ROOT) / (eta * ROOT)}
    naive = 1 - eta * decay / (1 - beta)
    margin = sp.Symbol("margin", nonnegative=True)
    # what a unit of W is multiplied by, written as the quadratic in a
    balance = (a**2 - SUM * a + beta) / a
    missed = long - rate * (beta * buffer + a**k * g) - a ** (-k - 1) * with_decay
    pace = largest_zero_of(sp.Lambda(a, missed))  # for every W, W_last and g

    def scheduled(root: sp.Expr) -> sp.Expr:
        """The rate without decay."""
        return eta * root ** (-2 * k - 1)

    def first_buffer(root: sp.Expr) -> sp.Expr:
        """The initial buffer, over W, with which the first step of the two has one direction."""
        first = sp.Symbol("v", real=True)  # it is negative
        moved = W - eta / root * (beta * first * W + g)
        return zero_of(sp.Lambda(first, moved - (W - eta * (g + decay * W)) / root))

    pace_is_root = because(
        "A step without decay misses the step with decay by a^-(k+2) times the quadratic.",
        equations.quadratic_zero(is_=ROOT, other=SUM - ROOT, times=a ** (-k - 2) * W),
    )
    return Derivation(
        definition={
            "rate": scheduled(pace),
            "buffer": first_buffer(pace),
        },
        closed_form=closed,
        steps=(
            equal(
                "With decay, the buffer is (W_last - W)/eta, and a step leads to "
                "(1 + beta - eta decay) W - beta W_last - eta g.",
                with_decay,
                SUM * W - beta * last - eta * g,
            ),
            equal(
                "Without decay, start a step at Y(k) = a^-k W(k), with the gradient a^k g and "
                "the rate eta a^(-2k-1). The new Y misses a^-(k+1) times the new weights with "
                "decay by a multiple of the quadratic.",
                long
                - rate * (beta * buffer + a**k * g)
                - a ** (-k - 1) * (SUM * W - beta * last - eta * g),
                a ** (-k - 1) * balance * W,
            ),
            equal(
                "The quadratic is zero at its larger root: the square of this root is (1 + beta "
                "- eta decay) times the root, less beta.", ROOT**2, SUM * ROOT - beta),
            equal(
                "Before the first step the run with decay stood still, W_last = W. The run of Y "
                "then has the buffer (Y_last - Y)/rate_last = (a - 1) W_0/(eta a).",
                value_at((a * W - W) / rate_last, {k: 0}),
                -(1 - a) / (eta * a) * W,
            ),
            nonnegative(
                "The root is real for 1 + beta - eta decay = 2 sqrt(beta) + margin, as 4 beta is "
                "not more than the square of this sum.",
                (2 * sp.sqrt(beta) + margin) ** 2 - 4 * beta,
            ),
            equal("This sum means eta decay = (1 - sqrt beta)^2 - margin.",
                  value_at(SUM, {decay: ((1 - sp.sqrt(beta)) ** 2 - margin) / eta}),
                  2 * sp.sqrt(beta) + margin),
            equal(
                "At the naive root 1 - eta decay/(1 - beta) the quadratic has the value beta "
                "eta^2 decay^2/(1 - beta)^2.",
                  naive**2 - SUM * naive + beta, beta * (eta * decay / (1 - beta)) ** 2),
            positive(
                "The numerator of this value is positive, so the naive root is no root.",
                beta * (eta * decay) ** 2),
        ),
        twins={
            "printed: no initial buffer": {**closed, "buffer": sp.S.Zero},
            "the naive root 1 - eta decay/(1 - beta)": {
                "rate": eta * naive ** (-2 * k - 1),
                "buffer": -(1 - naive) / (eta * naive),
            },
            "the root without momentum": {
                "rate": eta * (1 - eta * decay) ** (-2 * k - 1),
                "buffer": -decay / (1 - eta * decay),
            },
        },
        chain=chain(
            outputs={
                "rate": (pace_is_root,),
                "buffer": (
                    replace(pace_is_root, right=first_buffer(ROOT)),
                    because(
                        "Where the run with decay starts without a buffer, the first step "
                        "without decay needs the buffer of the closed form.",
                        equations.linear_zero(is_=(ROOT - 1 + eta * decay) / (eta * beta)),
                    ),
                ),
            },
            covers=(covers.root_is_real(eta, decay, beta),),
        ),
    )  # fmt: skip
