"""Other updates: signs of gradients, and K-FAC, which does not see the length of the weights."""

from functools import partial

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner
from theory.functions.constants import ones
from theory.functions.heads_of_chance import E
from theory.functions.matrices import pinv
from theory.functions.recursions import iterate
from theory.invariance.letters import (
    INVARIANT,
    ONE,
    SOURCE,
    N,
    eta,
    k,
    norm,
    p,
    r,
    squared,
    turn,
    way,
    x,
)
from theory.laws import independent_entries
from theory.proofs.rules import chance, inverses, recursion
from theory.proofs.rules.recursion import done
from theory.proofs.tactics import cited, equal, positive
from theory.proofs.unevaluated import derivative, unevaluated, value_at

DIFFERENT = cite(SOURCE, "Different algorithms can have different decay schedules")
IMMUNE = cite(SOURCE, "K-FAC is invariant to affine transformations")
KFAC = cite("martensgrosse2015")
PENROSE = cite("penrose1955", "theorem 1")
GRADIENTS = s.X
D = GRADIENTS.symbol
lam, damping = s.lam.symbol, s.damping.symbol


@claim(
    "identity",
    (s.N, s.eta, s.norm, s.k),
    (DIFFERENT, cite("bernstein2018")),
    ("signs of gradients that are independent and as often + as - (noise drowns the gradient)",),
)
def sign_growth() -> Derivation:
    """Updates by signs of gradients have a length of their own, eta sqrt(N), so that |W|^2 grows
    linearly on average: E|W|^2 = |W_0|^2 + eta^2 N k after k steps, not like a root. The length of
    a step over the length of the weights still falls like 1/sqrt(k), whatever eta."""
    mean = sp.Symbol("E|W|^2", positive=True)
    W, sign = sp.MatrixSymbol("W", N, 1), sp.MatrixSymbol("z", N, 1)
    after = sp.Function("r")
    n = sp.Symbol("n", integer=True)
    solved = sp.rsolve(after(n + 1) - after(n) - eta**2 * N, after(n), {after(0): norm**2})
    closed = norm**2 + eta**2 * N * k
    moved = sp.sqrt(r) * way - eta * sign

    def grown(after: sp.Expr) -> sp.Expr:
        """E|W|^2 after k steps: what a step makes of |W|^2 is linear in it, on average."""
        return iterate(sp.Lambda(r, after), norm**2, k)

    each = r + eta**2 * N
    by_law = partial(
        because,
        "The signs are as often + as -, so that the cross term is 0 on average.",
        chance.expectation(),
    )
    adds = because(
        "In k steps eta^2 N is added k times.", recursion.induction(is_=norm**2 + eta**2 * N * done)
    )
    return Derivation(
        definition={
            "squared norm": grown(E(squared(moved))),
            "last turn": sp.sqrt(E(squared(eta * sign))) / sp.sqrt(grown(E(squared(moved)))),
        },
        closed_form={"squared norm": closed, "last turn": eta * sp.sqrt(N / closed)},
        steps=(
            equal(
                "On average the signs z are orthogonal to W, and z'z = N: a step adds eta^2 N.",
                (W - eta * sign).T * (W - eta * sign),
                (mean + eta**2 * N) * ONE,
                {
                    W.T * W: mean * ONE,
                    W.T * sign: sp.ZeroMatrix(1, 1),
                    sign.T * W: sp.ZeroMatrix(1, 1),
                    sign.T * sign: N * ONE,
                },
            ),
            equal(
                "From |W_0|^2 at n = 0 on, |W_0|^2 + eta^2 N n grows by eta^2 N per step, as the "
                "mean of |W|^2 does. So it is this mean.",
                value_at(solved, {n: n + 1}) - solved,
                eta**2 * N,
            ),
            equal(
                "Write x for k. The length of a step over the length of the weights, times "
                "sqrt(x), tends to 1: eta drops out.",
                sp.Limit(eta * sp.sqrt(N * x / (norm**2 + eta**2 * N * x)), x, sp.oo),
                1,
            ),
        ),
        twins={
            "as descent does, like a root": {
                "squared norm": norm**2 * sp.sqrt(1 + 2 * eta**2 * N * k / norm**4),
                "last turn": eta * sp.sqrt(N / closed),
            },
            "a step of length eta": {
                "squared norm": norm**2 + eta**2 * k,
                "last turn": eta / sp.sqrt(norm**2 + eta**2 * k),
            },
        },
        chain=chain(
            outputs={
                "squared norm": (by_law(grown(each)), adds),
                "last turn": (by_law(eta * sp.sqrt(N) / sp.sqrt(grown(each))), adds),
            },
            laws={sign: independent_entries(N, 1, 1)},
        ),
    )


@claim(
    "identity",
    (GRADIENTS, s.norm),
    (IMMUNE, KFAC),
    (
        INVARIANT,
        "no damping",
        "the columns of X are the gradients at unit weights, one per example; g is their mean",
    ),
)
def kfac_immunity() -> Derivation:
    """The undamped update F^+ g of natural gradient and K-FAC grows with the weights, where g is
    the mean gradient and F the mean of the gradients' outer products over examples. At norm times
    the weights it is norm times the update at unit weights, and turns them as much. As F W = 0, F
    has no inverse, and F^+ is the pseudo-inverse."""
    one = ones(p, 1)
    total = pinv(D * D.T) * D * one
    F, plus = sp.MatrixSymbol("F", N, N), sp.MatrixSymbol("F^+", N, N)
    W, v = sp.MatrixSymbol("W", N, 1), sp.MatrixSymbol("v", N, 1)
    scaled, inverse = F / norm**2, norm**2 * plus
    axioms = {F * plus * F: F, plus * F * plus: plus, F.T: F, plus.T: plus, plus * F: F * plus}
    return Derivation(
        definition=pinv((D / norm) * (D / norm).T / p) * (D / norm * one / p),
        closed_form=norm * total,
        steps=(
            cited("The pseudo-inverse is the one matrix with Penrose's four properties", PENROSE),
            equal("At norm times the weights the gradients are shorter by norm: the Fisher matrix "
                  "is F/norm^2.",
                  sp.MatMul(1 / p, D / norm, sp.Transpose(D / norm)), D * D.T / p / norm**2),
            equal("Of F/norm^2, the matrix norm^2 F^+ has the first of Penrose's properties.",
                  scaled * inverse * scaled, F / norm**2, axioms),
            equal("The matrix norm^2 F^+ has the second property.",
                  inverse * scaled * inverse, norm**2 * plus, axioms),
            equal(
                "The product F F^+ is symmetric. So the products of F/norm^2 with norm^2 F^+, "
                "in both orders, have the third and the fourth property.",
                  (scaled * inverse).T, F * plus, axioms),
            equal(
                "The update at norm times the weights is norm^2 F^+ times the mean gradient "
                "g/norm, with g = X1/p. This is norm F^+ g.",
                  sp.MatMul(unevaluated(norm**2) / (p * norm), plus, D, one),
                  norm * plus * (D * one / p)),
            equal(
                "In the same way the pseudo-inverse of XX'/p is p (XX')^+. So p drops out of "
                "F^+ g.",
                  sp.MatMul(unevaluated(p) / p, plus, D, one), plus * D * one),
            equal(
                "F = XX'/p takes the weights W to zero, as every gradient is orthogonal to W. "
                "So F (W + v) is F v for every v.",
                  D * D.T / p * (W + v), D * D.T / p * v, {D.T * W: sp.ZeroMatrix(p, 1)}),
        ),
        twins={
            "of degree -1, as the gradient": total / norm,
            "of degree 0": total,
            "the inverse of F alone scaled": norm**2 * total,
        },
        chain=chain(calculated("The pseudo-inverse of c M is that of M over c.")),
    )  # fmt: skip


@claim(
    "identity",
    (s.eta, s.norm, s.lam, s.damping),
    (IMMUNE, KFAC),
    (INVARIANT, "lam is the eigenvalue of F, at unit weights, along the gradient"),
)
def damped_kfac() -> Derivation:
    """Fixed damping breaks the immunity of K-FAC: the step over the length of the weights W is
    eta/(lam + damping |W|^2) times the gradient at unit weights, along an eigenvector of the Fisher
    matrix F with the eigenvalue lam at unit weights. It is immune while damping |W|^2 is small, and
    far beyond like descent at eta/damping."""
    closed = eta / (lam + damping * norm**2)
    g = sp.Symbol("g", positive=True)
    v = sp.MatrixSymbol("v", N, 1)
    F = sp.MatrixSymbol("F", N, N)
    ratio = 1 / (lam / norm**2 + damping)
    rest = sp.Identity(N) - turn * turn.T  # F has the eigenvalue lam along turn, any other across
    fisher = lam * turn * turn.T + rest * F * F.T * rest
    damped = fisher / norm**2 + damping * sp.Identity(N)
    slope = g / norm * turn

    def along(step: sp.MatrixExpr) -> sp.Expr:
        """The part of a step along the gradient, over the lengths of the weights and of it."""
        return inner(turn, step) / norm / g

    return Derivation(
        definition=along(eta * sp.Inverse(damped) * slope),
        closed_form=closed,
        steps=(
            equal(
                "Let F v = lam v. At weights of length norm the damped matrix F/norm^2 + "
                "damping I multiplies v by lam/norm^2 + damping. So its inverse divides v by "
                "this number.",
                (F / norm**2 + damping * sp.Identity(N)) * (ratio * v),
                v,
                {F * v: lam * v},
            ),
            equal(
                "So a gradient g/norm gives the step eta (g/norm)/(lam/norm^2 + damping). Over "
                "norm and over g the step is eta/(lam + damping norm^2).",
                eta * (g / norm) * ratio / norm / g,
                closed,
            ),
            equal(
                "Without damping the length of the weights drops out.",
                value_at(closed, {damping: 0}),
                eta / lam,
            ),
            equal(
                "For long weights this quotient, times norm^2, tends to eta/damping, as for "
                "descent at this rate.",
                sp.Limit(closed * norm**2, norm, sp.oo),
                eta / damping,
            ),
            positive(
                "In between this quotient falls as the weights get longer: its derivative in "
                "norm is negative.",
                -derivative(closed, norm),
            ),
        ),
        twins={
            "immune, as without damping": eta / (lam + damping),
            "undamped": eta / lam,
            "as descent": eta / norm**2 / (lam + damping),
        },
        chain=chain(
            because(
                "The damped matrix takes the direction d of the gradient to a multiple of d.",
                inverses.solved(matrix=damped, column=turn, is_=ratio * turn),
                along(eta * ratio * slope),
            ),
            calculated("The direction d has the length 1."),
        ),
    )
