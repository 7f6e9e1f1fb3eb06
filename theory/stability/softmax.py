"""Softmax: the curvature of the cross-entropy in the outputs."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, by_step, calculated, chain
from theory.claim import Derivation, Step, claim
from theory.functions.columns import diagonal, inner, softmax
from theory.functions.constants import ones
from theory.functions.heads import hess
from theory.proofs.kernel.along import along
from theory.proofs.rules import curvature
from theory.proofs.tactics import equal, nonnegative
from theory.proofs.unevaluated import derivative, value_at
from theory.stability.letters import (
    CURVED,
    RULES,
    SOURCE,
    D,
    M,
    chances,
    cross_entropy,
    mean,
    one,
    output_curvature,
    outputs,
    target,
    v,
    velocity,
    x,
)

CROSS_ENTROPY = "the loss is the cross-entropy, log(sum_i exp(z_i)) - target'z"
others, chance = sp.symbols("others p_i", positive=True)  # a sum of powers, one probability
z_i, z_j, v_i, v_j = sp.symbols("z_i z_j v_i v_j", real=True)
#: The loss with two of its outputs, any two, written out: "others" is the sum of the other powers.
LOG_SUM = sp.log(others + sp.exp(z_i) + sp.exp(z_j))
p_i, p_j = (sp.diff(LOG_SUM, z) for z in (z_i, z_j))
average = sp.MatrixSymbol("mean", 1, 1)  # p'v
#: The Hessian of the loss in the outputs.
HESSIAN = hess(cross_entropy(outputs), outputs)


def second_derivatives() -> tuple[Step, ...]:
    """The entries of the Hessian of the log of a sum of powers."""
    return (
        equal(
            "In two different outputs the second derivative of the loss is -p_i p_j with p = "
            "softmax(outputs). The number others is the sum of all other exponentials.",
            derivative(derivative(LOG_SUM, z_i), z_j),
            -sp.exp(z_i) * sp.exp(z_j) / sp.exp(LOG_SUM) ** 2,
        ),
        equal(
            "In one output the second derivative is p_i - p_i^2. The targets enter the loss "
            "linearly and add nothing to it.",
            derivative(LOG_SUM, z_i, 2),
            sp.exp(z_i) / sp.exp(LOG_SUM) - (sp.exp(z_i) / sp.exp(LOG_SUM)) ** 2,
        ),
    )


def variance(words: str) -> Step:
    """V'(diag(p) - pp')v is the mean under p of the squares of v about their mean."""
    return equal(
        words,
        (v - one * average).T * D * (v - one * average),
        v.T * CURVED * v,
        {**RULES, average: chances.T * v, average.T: v.T * chances},
    )


@claim(
    "identity",
    (s.outputs, s.velocity),
    (cite(SOURCE, "the softmax function, invariant under such an overall shift"),
     cite("martens2020")),
    (CROSS_ENTROPY,),
)  # fmt: skip
def output_hessian() -> Derivation:
    """In a net's outputs the Hessian of the cross-entropy is diag(p) - pp' with the probabilities p
    = softmax(outputs), whatever the targets. Along the velocity of the outputs it is the variance
    of the velocity's entries under p, so it is never negative. It is flat ("shift", 0) along an
    equal shift of all outputs."""
    p = softmax(outputs)
    centred = velocity - inner(p, velocity) * ones(M, 1)
    curved = output_curvature(outputs)
    return Derivation(
        definition={
            "along": inner(velocity, HESSIAN * velocity),
            "shift": inner(velocity, HESSIAN * ones(M, 1)),
        },
        closed_form={"along": inner(p, squares_of(centred)), "shift": sp.Integer(0)},
        steps=(
            *second_derivatives(),
            variance(
                "With D = diag(p) and mean = p'v, the variance of v under p is v'(D - pp')v, "
                "the curvature along v."
            ),
            nonnegative(
                "In this variance no term p_i (v_i - mean)^2 is negative.",
                chance * (v_i - sp.Symbol("mean", real=True)) ** 2,
            ),
            equal(
                "An equal shift of all outputs is flat: D 1 = p and p'1 = 1, so D - pp' takes "
                "the vector 1 of ones to zero.",
                CURVED * one,
                sp.ZeroMatrix(M, 1),
                RULES,
            ),
        ),
        twins={
            "without pp'": {"along": inner(p, squares_of(velocity)), "shift": sp.Integer(0)},
            "without pp', and not flat": {
                "along": inner(p, squares_of(velocity)),
                "shift": inner(p, velocity),
            },
        },
        chain=chain(
            outputs={
                "along": (
                    because(
                        "The loss bends by diag(p) - pp'.",
                        curvature.hessian_between(),
                        inner(velocity, curved * velocity),
                    ),
                    by_step("Along v this is the variance of v under p.", 3),
                ),
                "shift": (
                    because(
                        "The loss bends by diag(p) - pp'.",
                        curvature.hessian_between(),
                        inner(velocity, curved * ones(M, 1)),
                    ),
                    by_step("The product of diag(p) - pp' with 1 is 0.", 5),
                ),
            },
            letters={**mean(outputs), v: velocity, average: p.T * velocity},
        ),
    )


@claim(
    "identity",
    (s.outputs, s.velocity),
    (cite(SOURCE, "Pearlmutter trick"), cite("pearlmutter1994")),
    (CROSS_ENTROPY,),
)
def hessian_product() -> Derivation:
    """A Hessian times a vector is the derivative of the gradient along this vector, so that no
    Hessian is formed. For the cross-entropy of M outputs the product with velocity has the entries
    p_i velocity_i - p_i p'velocity, with p = softmax(outputs), which takes M products and not
    M^2."""
    p = softmax(outputs)
    moved = sp.Function("S")  # the sum of all powers along outputs + x v
    middle = sp.Symbol("p'v", real=True)
    slope = sp.exp(z_i + x * v_i) / moved(x)
    rate = sp.diff(slope, x).subs(sp.Derivative(moved(x), x), middle * moved(x)).subs(x, 0)
    return Derivation(
        definition=HESSIAN * velocity,
        closed_form=entrywise_product(p, velocity) - inner(p, velocity) * p,
        steps=(
            equal(
                "The log of the sum of exponentials has the slope p_i in z_i. So the gradient "
                "of the loss is p - target.",
                derivative(LOG_SUM, z_i),
                sp.exp(z_i) / sp.exp(LOG_SUM),
            ),
            equal(
                "Along outputs + x v the log of the sum of exponentials starts to grow at the "
                "rate p'v. So the sum S itself starts to grow at its value times p'v.",
                derivative(value_at(LOG_SUM, {z_i: z_i + x * v_i, z_j: z_j + x * v_j}), x, at=0),
                p_i * v_i + p_j * v_j,
            ),
            equal(
                "By the quotient rule p_i = exp(z_i)/S starts to change at the rate p_i (v_i - "
                "p'v).",
                rate,
                value_at(slope, {x: 0}) * (v_i - middle),
            ),
            equal(
                "The entries p_i (v_i - p'v) are those of D v - pp'v with D = diag(p). This is "
                "the Hessian D - pp' times v.",
                CURVED * v,
                D * v - chances * (chances.T * v),
            ),
        ),
        twins={
            "the derivative of each probability in its own output alone": entrywise_product(
                p, velocity
            )
            - entrywise_product(p, entrywise_product(p, velocity)),
            "the gradient along v, p'v at every output": inner(p, velocity) * p,
        },
        chain=chain(
            because(
                "A Hessian times v is the derivative along v of the gradient p - target.",
                curvature.hessian_times(gradient=p - target),
                along(p - target, outputs, velocity),
            ),
            calculated(
                "The derivative of softmax along v has the entries p_i (v_i - p'v), which takes "
                "M products."
            ),
        ),
    )


def squares_of(column: sp.MatrixExpr) -> sp.MatrixExpr:
    """The squares of the entries."""
    return entrywise_product(column, column)


def entrywise_product(first: sp.MatrixExpr, second: sp.MatrixExpr) -> sp.MatrixExpr:
    """The products of the entries of two columns."""
    return diagonal(first) * second
