"""The gradient before batch norm: an identity where the sources print a bound."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Link, Reached, because, by_step, chain
from theory.claim import Derivation, Step, claim
from theory.functions.columns import inner
from theory.functions.constants import ones
from theory.functions.heads import grad
from theory.functions.matrices import centred
from theory.proofs.rules import calculus, order, slopes
from theory.proofs.tactics import equal, nonnegative
from theory.proofs.unevaluated import value_at
from theory.smoothness.letters import (
    EXACT,
    NAMED,
    NUMBER,
    RULES,
    SOURCE,
    B,
    C,
    P,
    alignment,
    at_zero,
    deviation,
    eps,
    g,
    gamma,
    gradient_in,
    growth,
    h,
    loss,
    mean,
    one,
    share,
    sigma,
    spread,
    squared,
    standardised,
    x,
    y,
    yhat,
)

AT_THE_OUTPUT = "g is the gradient of the loss at z = BN(y), not that of a net without batch norm"
#: sigma at y + x h.
MOVED = sp.sqrt(sigma**2 + 2 * x * sigma * growth + x**2 * spread)


def normalisation_moves() -> tuple[Step, ...]:
    """How yhat changes along y + x h, to first order: by Pi h/sigma."""
    start = sigma * yhat + x * C * h
    return (
        equal(
            "Move y by x h. The centred y, sigma yhat, moves by x Ch with C = I - 11'/B. Its "
            "squared length B (sigma^2 - eps) grows by B (2 growth sigma x + spread x^2) with "
            "growth = yhat'h/B and spread = h'Ch/B.",
            start.T * start,
            sigma**2 * yhat.T * yhat + B * (2 * x * sigma * growth + x**2 * spread) * NUMBER,
            NAMED,
        ),
        equal(
            "So sigma(x), the root of sigma^2 + 2 growth sigma x + spread x^2, starts to grow "
            "at the rate growth.", at_zero(MOVED, 1), growth),
        equal("Along y + x h, yhat is (sigma yhat + x Ch)/sigma(x). The share of yhat changes at "
              "the rate -growth/sigma.",
              at_zero(sigma / MOVED, 1), -growth / sigma),
        equal("The share of Ch in yhat grows at the rate 1/sigma.",
              at_zero(x / MOVED, 1), 1 / sigma),
        equal(
            "Together yhat starts to move at the rate Pi h/sigma with Pi = C - yhat yhat'/B.",
            (C * h - yhat * yhat.T * h / B) / sigma,
            P * h / sigma,
        ),
    )  # fmt: skip


@claim(
    "identity",
    (s.y, s.g, s.gamma, s.eps),
    (cite(SOURCE, "section 2.1"), cite("santurkar2018", "theorem 4.1")),
    (AT_THE_OUTPUT,),
)
def gradient() -> Derivation:
    """The gradient of the loss before batch norm is (gamma/sigma) Pi g with Pi = I - 11'/B - yhat
    yhat'/B: the mean of g and the part of g along the outputs yhat = (y - mean)/sigma are taken
    out, and the rest is divided by sigma. Here sigma^2 = variance + eps, and 1 is the vector of B
    ones."""
    return Derivation(
        definition=grad(loss(y, eps), y),
        closed_form=gradient_in(y, eps),
        steps=(
            *normalisation_moves(),
            equal(
                "The loss starts to change by g' gamma Pi h/sigma: its gradient is what "
                "multiplies h, for every h.",
                g.T * (gamma * P * h / sigma),
                h.T * (gamma / sigma * P * g),
            ),
        ),
        twins={
            "statistics held fixed": gamma / deviation(y, eps) * g,
            "through the mean only": gamma / deviation(y, eps) * centred(g),
            "through the variance only": gamma
            / deviation(y, eps)
            * (g - inner(standardised(y, eps), g) / B * standardised(y, eps)),
        },
        chain=chain(
            because(
                "Along any h the loss moves by g' times the move of gamma yhat. This is the "
                "product of h with the closed form.",
                calculus.gradient(),
            )
        ),
    )


def squared_gradient(added: sp.Expr = sp.S.Zero) -> sp.Expr:
    """|d|^2 of the gradient d of the loss before batch norm."""
    return squared(grad(loss(y, added), y))


def worked_out(added: sp.Expr = sp.S.Zero) -> Link:
    """The gradient is (gamma/sigma) Pi g."""
    return because(
        "The gradient before batch norm is (gamma/sigma) Pi g.",
        slopes.slopes(are={grad(loss(y, added), y): gradient_in(y, added)}),
        squared(gradient_in(y, added)),
    )


def norm_of_gradient(coefficient: sp.Expr, added: sp.Expr = sp.S.Zero) -> sp.Expr:
    """The squared norm with ``coefficient`` before <g, yhat>^2."""
    hat, scale = standardised(y, added), deviation(y, added)
    along_mean = inner(ones(B, 1), g) ** 2 / B
    return gamma**2 / scale**2 * (squared(g) - along_mean - coefficient * inner(g, hat) ** 2)


def norm_step(words: str, coefficient: sp.Expr, rules: dict) -> Step:
    """|(gamma/sigma) Pi g|^2 with ``coefficient`` before <g, yhat>^2."""
    here = gamma / sigma * P * g
    left = g.T * g - g.T * one * one.T * g / B - coefficient * g.T * yhat * yhat.T * g
    return equal(words, here.T * here, gamma**2 / sigma**2 * left, rules)


@claim(
    "identity",
    (s.y, s.g, s.gamma),
    (cite(SOURCE, "eq. (1)"), cite("santurkar2018", "theorem 4.1")),
    (AT_THE_OUTPUT,),
)
def gradient_norm() -> Derivation:
    """Batch norm without eps takes the mean of g and the part of g along the outputs yhat out of
    the gradient: |grad_y L|^2 = (gamma/sigma)^2 (|g|^2 - <1,g>^2/B - <g,yhat>^2/B), with the
    standard deviation sigma of y. This is an equality, with 1/B before both products."""
    return Derivation(
        definition=squared_gradient(),
        closed_form=norm_of_gradient(1 / B),
        steps=(
            equal("Without eps Pi is a projector: Pi^2 = Pi.", P * P, P, EXACT),
            norm_step("So |Pi g|^2 is g'Pi g, which has these terms.", 1 / B, EXACT),
        ),
        twins={
            "printed: 1/sqrt(B) before <g,yhat>^2": norm_of_gradient(1 / sp.sqrt(B)),
            "as the source's theorem on weights is transcribed: without 1/B": norm_of_gradient(
                sp.S.One
            ),
            "gamma/sigma not squared": norm_of_gradient(1 / B) * deviation(y) / sp.Abs(gamma),
        },
        chain=chain(
            worked_out(),
            by_step("Pi is a projector, so that |Pi g|^2 is g'Pi g.", 2),
            letters=mean(sp.S.Zero, one, yhat, sigma),
        ),
    )


@claim("identity", (s.y, s.g, s.gamma, s.eps), (cite(SOURCE, "eq. (1)"),), (AT_THE_OUTPUT,))
def gradient_norm_with_eps() -> Derivation:
    """With eps added to the variance sigma^2 batch norm takes out only a share of the gradient's
    part along the outputs yhat: |grad_y L|^2 = gamma^2/(sigma^2 + eps) (|g|^2 - <1,g>^2/B - (2 -
    share) <g,yhat>^2/B) with share = sigma^2/(sigma^2 + eps). Here yhat is y - mean divided by the
    root of sigma^2 + eps."""
    kept = deviation(y) ** 2 / (deviation(y) ** 2 + eps)
    return Derivation(
        definition=squared_gradient(eps),
        closed_form=norm_of_gradient((2 - kept) / B, eps),
        steps=(
            equal(
                "Pi is no projector, as yhat has the squared length B share with share = "
                "sigma^2/(sigma^2 + eps). So in Pi^2 the part along yhat has the factor 2 - "
                "share.",
                P * P,
                C - (2 - share) * yhat * yhat.T / B,
                RULES,
            ),
            norm_step("So |Pi g|^2 is g'Pi^2 g, which has these terms.", (2 - share) / B, RULES),
        ),
        twins={
            "as without eps": norm_of_gradient(1 / B, eps),
            "the other way round: sigma^2/(sigma^2 + eps)": norm_of_gradient(kept / B, eps),
            "eps not in the prefactor": norm_of_gradient((2 - kept) / B, eps)
            * (deviation(y) ** 2 + eps)
            / deviation(y) ** 2,
        },
        chain=chain(
            worked_out(eps),
            by_step("Pi takes out the share 2 - share of <g,yhat>^2/B.", 2),
            letters=mean(eps, one, yhat, sigma, share),
        ),
    )


@claim("bound", (s.y, s.g, s.gamma, s.eps), (cite(SOURCE, "eq. (1)"),), (AT_THE_OUTPUT,))
def gradient_norm_bounds() -> Derivation:
    """With eps added to the variance sigma^2 the squared gradient before batch norm lies below
    gamma^2/(sigma^2 + eps) (|g|^2 - <1,g>^2/B - <g,yhat>^2/B), and above the same with 2
    <g,yhat>^2/B. It reaches the upper bound for eps = 0. Here the gradient is that of
    smoothness.gradient, and yhat is y - mean divided by the root of sigma^2 + eps."""
    rest = sp.Symbol("rest", nonnegative=True)
    kept = 1 / (1 + rest)  # any share between 0 and 1
    removed = share * alignment**2 / B
    kept_share = deviation(y) ** 2 / (deviation(y) ** 2 + eps)
    part = gamma**2 / deviation(y, eps) ** 2 * inner(g, standardised(y, eps)) ** 2 / B
    first = by_step(
        "The squared gradient holds -(2 - share) <g,yhat>^2/B with share = sigma^2/(sigma^2 + "
        "eps) (smoothness.gradient_norm_with_eps).",
        1,
        norm_of_gradient((2 - kept_share) / B, eps),
    )
    return Derivation(
        definition=squared(gradient_in(y, eps)),
        closed_form={
            "lower": norm_of_gradient(2 / B, eps),
            "upper": norm_of_gradient(1 / B, eps),
        },
        steps=(
            norm_step(
                "The squared gradient holds -(2 - share) <g,yhat>^2/B with share = "
                "sigma^2/(sigma^2 + eps) (smoothness.gradient_norm_with_eps).",
                      (2 - share) / B, RULES),
            nonnegative(
                "The share, here 1/(1 + rest), is at most 1, and it is 1 where eps = 0. So with "
                "1 in place of 2 - share the squared gradient has its upper bound.",
                value_at(2 - share - 1, {share: kept}),
            ),
            nonnegative(
                "With 2 in place of 2 - share, a part share <g,yhat>^2/B is left out. This part "
                "is not negative, so the squared gradient has its lower bound.", removed),
        ),
        twins={
            "printed: 1/sqrt(B) as upper bound": {
                "lower": norm_of_gradient(2 / B, eps),
                "upper": norm_of_gradient(1 / sp.sqrt(B), eps),
            },
            "1/B as lower bound": {
                "lower": norm_of_gradient(1 / B, eps),
                "upper": norm_of_gradient(sp.S.Zero, eps),
            },
        },
        chain=chain(
            outputs={
                "lower": (
                    first,
                    because("The share is not negative.", order.gap(is_=kept_share * part),
                            relation=">="),
                ),
                "upper": (
                    first,
                    because("The share is at most 1.", order.gap(is_=(1 - kept_share) * part),
                            relation="<="),
                ),
            },
            letters=mean(eps, one, yhat, sigma, share),
            reached={
                "lower": Reached({"y": [1, -1, 0], "g": [1, 1, -2], "gamma": 1, "eps": 1}),
                "upper": Reached({"y": [1, -1, 0], "g": [1, 2, 3], "gamma": 1, "eps": 0}),
            },
        ),
    )  # fmt: skip


@claim("identity", (s.g,), (cite(SOURCE, "it grows quadratically in the dimension"),))
def energy_of_the_mean() -> Derivation:
    """The mean of g takes <1,g>^2/B, B times the squared mean, out of the squared length of g. This
    part grows linearly in the number B of examples, as |g|^2 itself does."""
    left = C * g
    return Derivation(
        definition=squared(g) - squared(centred(g)),
        closed_form=inner(ones(B, 1), g) ** 2 / B,
        steps=(
            equal(
                "Centring is a projection, and takes out the part along 1.",
                g.T * g - left.T * left,
                g.T * one * one.T * g / B,
                RULES,
            ),
            equal(
                "Where all B entries of g have one value, here alignment, this part is B times "
                "its square.",
                (alignment * one).T * one * one.T * (alignment * one) / B,
                B * alignment**2 * NUMBER,
                RULES,
            ),
        ),
        twins={
            "as <1,g>^2 alone, quadratic in B": inner(ones(B, 1), g) ** 2,
            "the squared mean": inner(ones(B, 1), g) ** 2 / B**2,
        },
        chain=chain(
            by_step("Centring takes out the part along 1.", 1),
            letters=mean(sp.S.Zero, one),
        ),
    )
