"""The minima of the loss, and the principal axes around them."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, by_step, chain
from theory.claim import Derivation, claim
from theory.functions.eigenvalues import largest
from theory.functions.matrices import pinv
from theory.functions.rates import after_steps, least, matrix_limit
from theory.proofs.rules import calculus, minima, repetition
from theory.proofs.tactics import cited, equal, positive
from theory.proofs.theorems import dynamics
from theory.proofs.unevaluated import derivative
from theory.quadratic.letters import (
    DATA_C,
    DATA_Q,
    DATA_R,
    IDENTITY,
    LOSS,
    OPTIMUM,
    PLACE,
    ROTATION,
    SOURCE,
    SPECTRAL,
    SYMMETRIC,
    C,
    D,
    N,
    Q,
    R,
    U,
    V,
    W,
    X,
    Y,
    d,
    energy,
    eta,
    inside,
    k,
    p,
    rest,
    t,
)

G = sp.MatrixSymbol("G", N, N)  # the pseudo-inverse of R
# Penrose's axioms for G = R^+, with R symmetric so that G is too and commutes with R
PENROSE = {R.T: R, G.T: G, R * G * R: R, G * R * G: G, R * G * G: G, G * R: R * G}


@claim(
    "identity",
    (s.X, s.Y, s.W),
    (cite(SOURCE, "RW = Q"), cite("penrose1955", "theorem 2")),
    ("the learning rate lies between 0 and 2/lambda_max",),
)
def solution_set() -> Derivation:
    """The minima of the loss |Y - X'W|^2/(2p) form the affine set R^+Q + ker R with R = XX'/p, its
    pseudo-inverse R^+ and Q = XY/p (the source's letter). The set is one point exactly if R has
    full rank. Descent from W ends at R^+Q + (I - R^+R)W, the minimum nearest to W: the component of
    W in ker R never moves. The definition is about this end of descent alone."""
    closed = W - pinv(DATA_R) * (DATA_R * W - DATA_Q)
    end = G * Q + (IDENTITY - G * R) * W
    null = IDENTITY - R * G
    # any rate between 0 and 2/lambda_max
    rate = 2 / (largest(DATA_R) + rest)
    descent = PLACE - rate * (DATA_R * PLACE - DATA_Q)
    factor = IDENTITY - rate * R  # in the letter R
    moved = factor.xreplace({R: DATA_R})
    left = W - closed
    reached = {**PENROSE, R * G * Q: Q}
    return Derivation(
        definition=matrix_limit(after_steps(descent, PLACE, W, k), k),
        closed_form=closed,
        steps=(
            equal(
                "With G = R^+ the product of (I - RG)X with its transpose is zero, so the "
                "matrix (I - RG)X is zero.",
                null * X * (null * X).T,
                sp.ZeroMatrix(N, N),
                {X * X.T: p * R, **PENROSE},
            ),
            equal(
                "From RGX = X follows RGQ = Q for Q = XY/p, so W = GQ solves RW = Q. The "
                "system always has a solution.",
                R * G * (X * Y / p),
                X * Y / p,
                {R * G * X: X},
            ),
            equal(
                "The end point (I - GR)W + GQ is W - G(RW - Q): one step from W with the "
                "matrix G in place of the rate.",
                end,
                W - G * (R * W - Q),
            ),
            equal(
                "From every start W the end point solves the system RW = Q.", R * end, Q, reached
            ),
            equal(
                "A step of descent multiplies the distance W - end from the end point by I "
                "- eta R.",
                W - eta * (R * W - Q) - end,
                (IDENTITY - eta * R) * (W - end),
                reached,
            ),
            equal(
                "The distance W - end has no component in ker R, since the projector I - RG "
                "onto ker R makes it zero.",
                null * (W - end),
                sp.ZeroMatrix(N, 1),
                PENROSE,
            ),
            equal(
                "A step of descent leaves the component (I - RG)W of W in ker R as it is.",
                null * (W - eta * (R * W - Q)),
                null * W,
                reached,
            ),
            cited("R has an orthonormal basis of eigenvectors", SPECTRAL),
            positive(
                "Along an eigenvector with lam > 0 the factor 1 - eta lam has a square "
                "below 1 if 0 < eta lam < 2, here written eta lam = 2 rest/(1 + rest). So W "
                "- end tends to 0.",
                (1 - (1 - inside(2)) ** 2),
            ),
        ),
        twins={
            "the minimum of least length, from every start": pinv(DATA_R) * DATA_Q,
            "the start added whole": pinv(DATA_R) * DATA_Q + W,
        },
        chain=chain(
            because(
                "A step of descent multiplies the distance W - end from the end point by I "
                "- eta R.",
                repetition.displacement_multiplied(end=closed, factor=moved),
                closed + matrix_limit(sp.MatPow(moved, k) * left, k),
            ),
            because(
                "The distance W - end has no component in ker R, and tends to 0 along all "
                "other eigenvectors.",
                dynamics.powers_vanish(factor, R, DATA_R, left, k),
            ),
        ),
    )


@claim(
    "identity",
    (s.X, s.Y),
    (cite(SOURCE, "E_o is just E(W*)"), cite("penrose1955")),
)
def minimum() -> Derivation:
    """The least loss of a linear neuron is (|Y|^2/p - Q'R^+Q)/2, the part of the targets that no
    weights explain, with R = XX'/p, its pseudo-inverse R^+ and Q = XY/p (the source's letter)."""
    best = DATA_Q.T * pinv(DATA_R) * DATA_Q
    solved = {**PENROSE, R * G * Q: Q, Q.T * R * G: Q.T, Q.T * G * R: Q.T}
    return Derivation(
        definition=least(LOSS, (W,)),
        closed_form=(DATA_C - best) / 2,
        steps=(
            equal(
                "With G = R^+ the product of (I - RG)X with its transpose is zero. So (I - "
                "RG)X is zero, and RGQ = Q for Q = XY/p.",
                (IDENTITY - R * G) * X * ((IDENTITY - R * G) * X).T,
                sp.ZeroMatrix(N, N),
                {X * X.T: p * R, **PENROSE},
            ),
            equal(
                "Complete the square around W = GQ: what is left, c/2 - Q'GQ/2, does not "
                "depend on W.",
                energy(W, Q),
                (C - Q.T * G * Q) / 2 + (W - G * Q).T * R * (W - G * Q) / 2,
                solved,
            ),
            equal(
                "With d = W - GQ the square d'Rd is |X'd|^2/p. The square is never "
                "negative, and it is zero at W = GQ.",
                d.T * DATA_R * d,
                sp.MatMul(1 / p, sp.Transpose(X.T * d), X.T * d),
            ),
        ),
        twins={
            "the loss at W = 0": DATA_C / 2,
            "Q'R^+Q without its half": DATA_C / 2 - best,
            "the largest loss of the fitted part": (DATA_C + best) / 2,
        },
        chain=chain(
            because(
                "A move h away from R^+Q raises the loss by |X'h|^2/(2p), so the loss is "
                "least at R^+Q.",
                minima.least_of_squares(at=pinv(DATA_R) * DATA_Q),
            )
        ),
    )


@claim("identity", (s.R, s.U, s.d), (cite(SOURCE, "V = U(W-W*)"), cite("lecun1991")))
def rotation() -> Derivation:
    """The displacement W - W* from a minimum W* has the coordinates V = U'(W - W*) on orthonormal
    axes, the columns of U, not U(W - W*). With D = U'RU the loss E satisfies E(W) - E(W*) =
    V'DV/2, for any such U. D is diagonal on the principal axes of the loss, the eigenvectors of
    R: the definition is about the loss alone."""
    diagonal = U.T * R * U
    closed = (U.T * d).T * diagonal * (U.T * d) / 2
    return Derivation(
        definition=energy(OPTIMUM + d, R * OPTIMUM) - energy(OPTIMUM, R * OPTIMUM),
        closed_form=closed,
        steps=(
            equal(
                "Centre: put Q = RW*, as the gradient is zero at W*. The loss at W* + d "
                "exceeds the loss at W* by d'Rd/2.",
                energy(OPTIMUM + d, R * OPTIMUM) - energy(OPTIMUM, R * OPTIMUM),
                d.T * R * d / 2,
                SYMMETRIC,
            ),
            equal(
                "Rotate: with V = U'd and UU' = I, V'(U'RU)V is d'Rd.",
                closed,
                d.T * R * d / 2,
                ROTATION,
            ),
            equal(
                "If the columns of U are eigenvectors, RU = UD, then U'RU is the diagonal "
                "matrix D.",
                U.T * R * U,
                D,
                {R * U: U * D, **ROTATION},
            ),
            equal(
                "The vector V = U'd has the same length as d, since UU' = I.",
                (U.T * d).T * (U.T * d),
                d.T * d,
                ROTATION,
            ),
        ),
        twins={
            "printed: V = U(W - W*)": (U * d).T * diagonal * (U * d) / 2,
            "without the half": 2 * closed,
        },
        chain=chain(
            by_step("The loss at W* + d exceeds the loss at W* by d'Rd/2.", 1, d.T * R * d / 2),
            by_step("V = U'd turns V'(U'RU)V into d'Rd.", 2),
        ),
    )


@claim(
    "identity",
    (s.R, s.U, s.V),
    (cite(SOURCE, "E(V), PartialDeriv(E,vj)"), cite("lecun1991")),
)
def diagonal_energy() -> Derivation:
    """On orthonormal axes, the columns of U, the gradient of the loss E in V = U'(W - W*) is DV and
    its Hessian is D = U'RU. The definition is about these two alone, for any such U. On the
    principal axes D is the diagonal matrix of the eigenvalues lambda_j of R: there dE/dV_j =
    lambda_j V_j, and d2E/dV_i dV_j = 0 for i != j, and each component V_j descends on its own."""
    diagonal = U.T * R * U
    loss = (U * V).T * R * (U * V) / 2
    step = sp.MatrixSymbol("h", N, 1)
    i, others = sp.symbols("i others", integer=True, nonnegative=True)
    values, shifts = (sp.MatrixSymbol(name, i + others + 1, 1) for name in ("lambda", "V"))
    return Derivation(
        definition={
            "gradient": sp.Derivative(loss, V),
            "hessian": sp.Derivative(loss, V, V),
        },
        closed_form={"gradient": diagonal * V, "hessian": diagonal},
        steps=(
            equal(
                "Move V by x h. The term x h'DV shows the gradient DV, and the term x^2 "
                "h'Dh/2 shows the Hessian D.",
                loss.subs(V, V + t * step),
                loss + t * step.T * diagonal * V + t**2 / 2 * step.T * diagonal * step,
                SYMMETRIC,
            ),
            equal(
                "SymPy's matrix calculus gives the same gradient.",
                derivative(loss, V),
                diagonal * V,
                SYMMETRIC,
            ),
            equal(
                "If the columns of U are eigenvectors, RU = UD, then U'RU is the diagonal "
                "matrix D.",
                U.T * R * U,
                D,
                {R * U: U * D, **ROTATION},
            ),
            equal(
                "Component i of DV is lambda_i V_i: D is diagonal, so only one term of the "
                "sum is not zero.",
                (sp.DiagMatrix(values) * shifts)[i, 0],
                values[i, 0] * shifts[i, 0],
            ),
        ),
        twins={
            "in the old axes": {"gradient": R * U * V, "hessian": R},
            "rotated by U for U'": {"gradient": U * R * U.T * V, "hessian": U * R * U.T},
            "of the loss without its half": {"gradient": 2 * diagonal * V, "hessian": 2 * diagonal},
        },
        chain=chain(
            outputs={
                "gradient": (
                    because("Along any h the loss starts to move by h'DV.", calculus.gradient()),
                ),
                "hessian": (
                    because("Along any h the second derivative is h'Dh.", calculus.hessian()),
                ),
            },
        ),
    )
