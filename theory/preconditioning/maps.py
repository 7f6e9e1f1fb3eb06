"""A layer after affine maps of its inputs and outputs, and what a step moves its outputs by."""

import sympy as sp

from theory import symbols as s
from theory.claim import Step
from theory.preconditioning.letters import (
    D,
    Sigma,
    Wl,
    X,
    bl,
    eta,
    inverse,
    mu,
    one,
    p,
)
from theory.proofs.tactics import equal

S, T, Q, offset = s.S.symbol, s.T.symbol, s.Q.symbol, s.offset.symbol
CURVED = s.S.within(kind="definite")
#: Maps of single units.
OF_UNITS = (s.T.within(kind="diagonal"), s.offset, s.Q.within(kind="diagonal"))
STATISTICS = (
    "mu, Sigma and S are means over any fixed set of examples, so that they move with the maps: "
    "T mu + offset, T Sigma T', Q'^-1 S Q^-1"
)

# The transformed layer: inputs, their statistics, derivatives in the outputs and their moments
INPUTS, MEAN = T * X + offset * one.T, T * mu + offset
COVARIANCE, SLOPES = T * Sigma * T.T, Q.T.I * D
MOMENTS = sp.MatMul(Q.T.I, S, Q.I)


def moved(
    slopes: sp.MatrixExpr, inputs: sp.MatrixExpr, mean: sp.MatrixExpr, scale: sp.MatrixExpr
) -> sp.MatrixExpr:
    """What a step moves the outputs by: -eta D[(X - m1')'A(X - m1') + 11']/p."""
    return -eta / p * slopes * kernel_of(inputs, mean, scale)


def kernel_of(inputs: sp.MatrixExpr, mean: sp.MatrixExpr, scale: sp.MatrixExpr) -> sp.MatrixExpr:
    """(X - m1')'A(X - m1') + 11', of any two examples."""
    centred = inputs - mean * one.T
    return centred.T * scale * centred + one * one.T


def taken(
    moments: sp.MatrixExpr, inverse_covariance: sp.MatrixExpr
) -> tuple[sp.MatrixExpr, sp.MatrixExpr]:
    """The moves of weights and biases of the transformed layer."""
    weights = moments * SLOPES * (INPUTS - MEAN * one.T).T * inverse_covariance / p
    biases = moments * SLOPES * one / p - weights * MEAN
    return -eta * weights, -eta * biases


def same_function() -> tuple[Step, ...]:
    """Both layers compute the same before the step, and their statistics belong together."""
    return (
        equal(
            "With the weights Q Wl T^-1 and the biases Q bl - Q Wl T^-1 offset the transformed "
            "layer has the outputs Q(Wl x + bl).",
            sp.MatMul(Q, Wl, T.I) * INPUTS + (Q * bl - Q * Wl * T.I * offset) * one.T,
            Q * (Wl * X + bl * one.T),
            inverse(T),
        ),
        equal(
            "The loss has in the transformed layer's outputs the derivatives Q'^-1 D. A "
            "move M of the old outputs is QM in the new ones, and adds the same D'M to the "
            "loss. Here it is shown for M = D.",
            sp.MatMul(sp.Transpose(SLOPES), Q, D),
            D.T * D,
            inverse(Q),
        ),
        equal(
            "The transformed inputs less their mean are T(x - mu).",
            INPUTS - MEAN * one.T,
            T * (X - mu * one.T),
        ),
    )
