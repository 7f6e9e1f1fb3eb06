"""Two inputs: how a layer changes their correlation."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, by_step, chain
from theory.claim import Derivation, claim
from theory.functions.heads_of_chance import E, Prob
from theory.laws import standard_pair
from theory.proofs.rules import areas, chance, convexity, limits
from theory.proofs.tactics import equal, nonnegative
from theory.proofs.unevaluated import derivative, value_at
from theory.propagation.by_angle import (
    OVERLAP,
    PAIR_LAWS,
    U,
    V,
    angular,
    as_map,
    by_angle,
    plane,
    theta,
    turned,
)
from theory.propagation.letters import LUTHER, SOURCE, angle, c, map_of, phi, r, relu, x, y

KERNEL = cite("chosaul2009", "section 2.1")
GROWTH = cite(SOURCE, "this effect should continue to grow through the network")
PAIR = "u, w standard Gaussian of correlation c"


@claim("identity", (s.c,), (KERNEL, LUTHER), (PAIR,))
def arc_cosine() -> Derivation:
    """Two rectified standard Gaussians of correlation c before rectification have the mean product
    (sqrt(1 - c^2) + c (pi - arccos c))/(2 pi), which is 0, 1/(2 pi), 1/2 for c = -1, 0, 1."""
    closed = map_of(c) / 2
    around = sp.Integral(sp.cos(phi) * turned, OVERLAP).subs(theta, sp.acos(c))
    return Derivation(
        definition=E(relu(U) * relu(V)),
        closed_form=closed,
        steps=(
            *plane(),
            equal(
                "The product u w brings r^2, and dx dy brings r. So along r the integral is 2.",
                sp.Integral(r**3 * sp.exp(-(r**2) / 2), (r, 0, sp.oo)),
                2,
            ),
            equal(
                "The integral along phi runs from theta - pi/2 to pi/2, the angles at which u "
                "and w are both positive.",
                sp.Integral(sp.cos(phi) * turned, OVERLAP),
                angular(),
            ),
            equal(
                "The product of both integrals over 2 pi is the mean product, here at theta = "
                "arccos c.",
                value_at(2 * angular() / (2 * sp.pi), {theta: sp.acos(c)}),
                closed,
            ),
        ),
        twins={
            "that of the rectified signs": (sp.pi - sp.acos(c)) / (2 * sp.pi),
            "its tangent at 0": 1 / (2 * sp.pi) + c / 4,
            "not halved": map_of(c),
        },
        chain=chain(
            *by_angle(relu, 1, lambda t: t),
            by_step("The integral along r is 2.", 3, around / sp.pi),
            by_step(
                "Along phi an antiderivative is known.",
                4,
                angular().subs(theta, sp.acos(c)) / sp.pi,
            ),
            by_step("At theta = arccos c this is the stated mean.", 5),
            letters={theta: sp.acos(c)},
            laws=PAIR_LAWS,
        ),
    )


@claim("identity", (s.c,), (KERNEL,), (PAIR,))
def both_active() -> Derivation:
    """Two Gaussians of mean zero and correlation c are both positive with probability (pi - arccos
    c)/(2 pi). Twice this probability is the slope of the correlation map of ReLU
    (propagation.correlation_bounds)."""
    closed = (sp.pi - sp.acos(c)) / (2 * sp.pi)
    around = sp.Integral(1, OVERLAP).subs(theta, sp.acos(c))
    return Derivation(
        definition=Prob(sp.And(U > 0, V > 0)),
        closed_form=closed,
        steps=(
            *plane(),
            equal(
                "Along r only the r of dx dy stands beside the density. The integral is 1.",
                sp.Integral(r * sp.exp(-(r**2) / 2), (r, 0, sp.oo)),
                1,
            ),
            equal(
                "Along phi, u and w are both positive from theta - pi/2 to pi/2. This angle "
                "over 2 pi is the probability.",
                sp.Integral(1, OVERLAP) / (2 * sp.pi),
                (sp.pi - theta) / (2 * sp.pi),
            ),
            equal(
                "The slope of the correlation map (propagation.correlation_bounds) in c is "
                "twice this probability at theta = arccos c.",
                derivative(map_of(c), c),
                2 * closed,
            ),
        ),
        twins={
            "independent": sp.Rational(1, 4) + 0 * c,
            "linear in c": (1 + c) / 4,
            "arccos c for its complement": sp.acos(c) / (2 * sp.pi),
        },
        chain=chain(
            because(
                "A probability is the mean of a step.",
                chance.indicator(),
                E(sp.Heaviside(U, 0) * sp.Heaviside(V, 0)),
            ),
            *by_angle(lambda t: sp.Heaviside(t, 0), 0, lambda t: sp.Integer(1)),
            by_step("The integral along r is 1.", 3, around / (2 * sp.pi)),
            by_step("The angle between both bounds is pi - arccos c.", 4),
            letters={theta: sp.acos(c)},
            laws=PAIR_LAWS,
        ),
    )


@claim("bound", (s.c,), (GROWTH, LUTHER), (PAIR,))
def correlation_bounds() -> Derivation:
    """The correlation map f(c) = E[relu(u) relu(w)]/E[relu(u)^2] = (sqrt(1 - c^2) + c (pi - arccos
    c))/pi never lowers a correlation, c <= f(c), and never closes more than half of the gap to 1,
    f(c) <= (1 + c)/2. So correlations grow towards 1 and never reach it."""
    turn = sp.Symbol("phi", nonnegative=True)
    sine = sp.Symbol("sin", nonnegative=True)
    rise = (sp.sin(angle) - angle * sp.cos(angle)) / sp.pi
    at_angle = sp.cos(angle) + rise
    step = turn * sp.sin(turn) / sp.pi
    start = as_map()
    return Derivation(
        definition=E(relu(U) * relu(V)) / E(relu(U) ** 2),
        closed_form={"lower": c, "upper": (1 + c) / 2},
        steps=(
            equal(
                "With c = cos theta the map (propagation.arc_cosine) is c + (sin theta - "
                "theta cos theta)/pi.",
                map_of(c),
                value_at(at_angle, {angle: sp.acos(c)}),
            ),
            equal(
                "The increase (sin theta - theta cos theta)/pi is the integral of phi sin "
                "phi/pi from 0 to theta <= pi.",
                sp.Integral(turn * sp.sin(turn) / sp.pi, (turn, 0, angle)),
                rise,
            ),
            nonnegative(
                "In this integral nothing is negative, as sin phi is not negative for phi from "
                "0 to pi.",
                turn * sine / sp.pi,
            ),
            equal(
                "The slope of the map is 1 - theta/pi, which grows with c.",
                derivative(map_of(c), c),
                1 - sp.acos(c) / sp.pi,
            ),
            equal(
                "So the map f is convex and lies below the chord from f(-1) = 0 to f(1) = "
                "1. The chord is (1 + c)/2.",
                value_at(map_of(x), {x: -1}) * (1 - c) / 2
                + value_at(map_of(x), {x: 1}) * (1 + c) / 2,
                (1 + c) / 2,
            ),
        ),
        twins={
            "at most half of the correlation from below": {"lower": c / 2, "upper": (1 + c) / 2},
            "never above the start": {"lower": c, "upper": c},
            "never below the value at 0": {"lower": 1 / sp.pi + 0 * c, "upper": (1 + c) / 2},
        },
        chain=chain(
            outputs={
                "lower": (
                    *start,
                    because(
                        "The map exceeds c by an integral in which nothing is negative.",
                        areas.integral_gap(
                            is_=sp.Integral(step, (turn, 0, sp.acos(c))),
                            of=(sp.sin(turn) - turn * sp.cos(turn)) / sp.pi,
                        ),
                        relation=">=",
                    ),
                ),
                "upper": (
                    *start,
                    because(
                        "The map is convex, and lies below its chord.",
                        convexity.chord(letter=c),
                        relation="<=",
                    ),
                ),
            },
            laws=standard_pair(U, V, c),
        ),
    )


@claim("limit", (), (LUTHER,), ("c to 1",))
def correlation_near_one() -> Derivation:
    """Near correlation 1 the correlation map f of ReLU (propagation.correlation_bounds) closes an
    ever smaller part of the gap e to 1: f(1 - e) = 1 - e + a e^(3/2) + ..., with a = 2 sqrt 2/(3
    pi) = 0.300."""
    gap = sp.Symbol("e", positive=True)
    closed = 2 * sp.sqrt(2) / (3 * sp.pi)
    added = sp.Limit((sp.sin(angle) - angle * sp.cos(angle)) / sp.pi / angle**3, angle, 0)
    lowered = sp.Limit((1 - sp.cos(angle)) / angle**2, angle, 0)
    rise = (sp.sin(angle) - angle * sp.cos(angle)) / sp.pi
    return Derivation(
        definition=sp.Limit((map_of(1 - gap) - (1 - gap)) / gap ** sp.Rational(3, 2), gap, 0),
        closed_form=closed,
        steps=(
            equal(
                "With 1 - e = cos theta the map adds (sin theta - theta cos theta)/pi "
                "(propagation.correlation_bounds). Over theta^3 this addition tends to 1/(3 pi).",
                sp.Limit(rise / angle**3, angle, 0),
                1 / (3 * sp.pi),
            ),
            equal(
                "The gap e = 1 - cos theta, over theta^2, tends to 1/2.",
                sp.Limit((1 - sp.cos(angle)) / angle**2, angle, 0),
                sp.Rational(1, 2),
            ),
            equal(
                "So the addition over e^(3/2) tends to the first limit over the power 3/2 of "
                "the second limit. This number is a.",
                value_at(x / y ** sp.Rational(3, 2), {x: 1 / (3 * sp.pi), y: sp.Rational(1, 2)}),
                closed,
            ),
        ),
        twins={
            "1/pi, the value at c = 0": 1 / sp.pi,
            "without the square root of 2": 2 / (3 * sp.pi),
        },
        chain=chain(
            because(
                "With 1 - e = cos theta the map adds (sin theta - theta cos theta)/pi.",
                limits.by_small_angle(),
                sp.Limit(rise / (1 - sp.cos(angle)) ** sp.Rational(3, 2), angle, 0),
            ),
            because(
                "The quotient's limit is that of the limits.",
                limits.inside_limits(),
                added / lowered ** sp.Rational(3, 2),
            ),
            by_step(
                "What is added has a limit over theta^3.",
                1,
                1 / (3 * sp.pi) / lowered ** sp.Rational(3, 2),
            ),
            by_step("The gap has a limit over theta^2.", 2),
        ),
    )
