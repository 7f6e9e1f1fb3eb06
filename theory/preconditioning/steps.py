"""One step in the standardised coordinates, taken back to the old ones."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import calculated, chain
from theory.claim import Derivation, claim
from theory.functions.constants import eye
from theory.functions.matrices import stack
from theory.preconditioning.letters import (
    FACTORED,
    FACTORS,
    ROOT,
    SOURCE,
    D,
    L,
    N,
    Sigma,
    Wl,
    X,
    bl,
    eta,
    evaluated,
    h,
    inverse,
    kron,
    mu,
    one,
    p,
    preconditioner,
    symmetric,
    u,
    w,
)
from theory.proofs.blocks import equal_blocks
from theory.proofs.tactics import equal


@claim(
    "identity",
    (s.Wl, s.bl, s.X, s.D, s.mu, s.Sigma, s.eta),
    (cite(SOURCE, "Equivalent to pre-multiplying by RR'"), cite("desjardins2015")),
    (ROOT,),
)
def step() -> Derivation:
    """A step of descent in the standardised coordinates, taken back, is a step preconditioned by
    RR', where the source's R maps standardised parameters to the layer's own. With the gradients
    G_W = D X'/p in Wl and g_b = D 1/p in bl, 1 the vector of ones, the weights move by -eta (G_W -
    g_b mu')Sigma^-1, the centred gradient times Sigma^-1. The biases move by -eta g_b less the
    weights' move times mu."""
    size = sp.Symbol("size", integer=True, positive=True)
    change, preconditioned = (sp.MatrixSymbol(name, size, size) for name in ("R", "C"))
    theta, slope = (sp.MatrixSymbol(name, size, 1) for name in ("theta", "slope"))
    weight_slope, bias_slope = D * X.T / p, D * one / p
    standard = L.I * (X - mu * one.T)
    there = (sp.MatMul(Wl, L) - eta * D * standard.T / p) * L.I
    # RR' for one unit, and the gradients of all units side by side
    shifted = sp.BlockMatrix([[L.T.I, 0 * mu], [-mu.T * L.T.I, eye(1)]])
    across = sp.MatMul(shifted, shifted.T)
    both_slopes = sp.BlockMatrix([[weight_slope, bias_slope]])
    along = "For every unit the step, taken back, goes along RR' times the gradient."
    move = (weight_slope - bias_slope * mu.T) * Sigma.I

    def both(weights: sp.MatrixExpr, biases: sp.MatrixExpr) -> dict[str, sp.MatrixExpr]:
        moved = {"weights": Wl - eta * weights, "biases": bl - eta * biases}
        return {name: evaluated(each) for name, each in moved.items()}

    # gradients uw' and h in vec form
    gradient = sp.BlockMatrix([[kron(w, u)], [kron(eye(1), h)]])
    pulled = (w.T * Sigma.I * mu, mu.T * Sigma.I * mu)
    return Derivation(
        definition={
            "weights": evaluated(there),
            "biases": evaluated(bl + Wl * mu - eta * bias_slope - there * mu),
        },
        closed_form=both(move, bias_slope - move * mu),
        steps=(
            equal(
                "By the chain rule the gradient in theta~ = R^-1 theta is R' times the "
                "gradient in theta. A step in theta~, taken back by R, is a step in theta "
                "along RR' times the gradient. Here C is RR'.",
                change * (sp.MatMul(change.I, theta) - eta * change.T * slope),
                theta - eta * preconditioned * slope,
                {change * change.T: preconditioned, **inverse(change)},
            ),
            equal(
                "The layer on standardised inputs has the gradient D X~'/p in its weights "
                "Wl L. A step, taken back by L^-1, moves Wl along the centred gradient "
                "times Sigma^-1, since L'^-1 L^-1 = Sigma^-1.",
                there,
                Wl - eta * move,
                FACTORED,
            ),
            equal(
                "The bias bl is bl~ less the new Wl mu. So it moves by -eta g_b less the "
                "weights' move times mu.",
                bl + Wl * mu - eta * bias_slope - there * mu,
                bl - eta * (bias_slope - move * mu),
                FACTORED,
            ),
            equal_blocks(
                "RR' gives the same step. It takes the gradients uw' in Wl and h in bl to "
                "(uw' - h mu')Sigma^-1, and to h less this matrix times mu. All gradients "
                "are sums of such ones.",
                preconditioner(Sigma.I) * gradient,
                sp.BlockMatrix(
                    [
                        [kron(Sigma.I * w, u) - kron(Sigma.I * mu, h)],
                        [kron(eye(1) + pulled[1], h) - kron(pulled[0], u)],
                    ]
                ),
                inverse(Sigma) | symmetric(Sigma),
            ),
        ),
        twins={
            "plain descent": both(weight_slope, bias_slope),
            "scaled, not centred": both(weight_slope * Sigma.I, bias_slope),
            "by the blocks of [RR']^-1, one by one": both(
                weight_slope * (Sigma + mu * mu.T).I, bias_slope
            ),
            "by [RR']^-1 in place of RR'": both(
                weight_slope * (Sigma + mu * mu.T) + bias_slope * mu.T,
                weight_slope * mu + bias_slope,
            ),
        },
        chain=chain(
            outputs={
                "weights": (
                    calculated(
                        along,
                        evaluated(Wl - eta * both_slopes * across * stack(eye(N), 0 * mu.T)),
                    ),
                    calculated("The first N columns of RR' are Sigma^-1 over -mu'Sigma^-1."),
                ),
                "biases": (
                    calculated(
                        along,
                        evaluated(bl - eta * both_slopes * across * stack(0 * mu, eye(1))),
                    ),
                    calculated("The last column of RR' is -Sigma^-1 mu over 1 + mu'Sigma^-1 mu."),
                ),
            },
            covers=FACTORS,
        ),
    )
