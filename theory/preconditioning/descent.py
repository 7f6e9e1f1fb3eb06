"""What descent in the standardised coordinates leaves of the loss."""

import sympy as sp

from companion.references import cite
from theory import quadratic
from theory import symbols as s
from theory.chain import Link, because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.constants import eye
from theory.functions.rates import after_steps, least
from theory.preconditioning.letters import (
    COUNT,
    SOURCE,
    N,
    eta,
    evaluated,
    k,
    n,
    one,
    p,
)
from theory.proofs.factors import white
from theory.proofs.rules.repetition import multiplied_by_each_step
from theory.proofs.rules.squares import least_square
from theory.proofs.rules.use import inside
from theory.proofs.tactics import equal

STANDARDISED = "the inputs, standardised by them, have mean 0 and covariance I"
FULL_RANK = "a sample covariance of full rank"


@claim(
    "identity",
    (s.eta, s.k),
    (cite(SOURCE, "Updates in this coordinate system are immune to ICS"),),
    (FULL_RANK, "squared loss, the sample's own mean and covariance", STANDARDISED),
)
def excess_loss() -> Derivation:
    """Preconditioned by the statistics of the sample, k steps at rate eta leave the share (1 -
    eta)^(2k) of the excess loss, whatever the data and the start. The rate eta = 1 leaves nothing
    after one step. Every rate between 0 and 2 converges."""
    factor = quadratic.decay.closed_form.expression.subs(s.lam.symbol, 1)
    G, residual = sp.MatrixSymbol("Z", N, p), sp.MatrixSymbol("D", n, p)
    projector = one * one.T / p + G.T * G / p
    kept = eye(p) - eta * projector
    # a step of descent in weights and biases, and what it makes of the residuals
    letter = sp.MatrixSymbol("D_k", n, p)
    step = evaluated(letter - eta * (letter * G.T / p) * G - eta * (letter * one / p) * one.T)
    weights, biases = sp.MatrixSymbol("U", n, N), sp.MatrixSymbol("c", n, 1)

    def moved(errors: sp.MatrixExpr) -> sp.MatrixExpr:
        """Residuals where weights and biases are moved by U and c."""
        return evaluated(errors + weights * G + biases * one.T)

    def loss(errors: sp.MatrixExpr) -> sp.Expr:
        return sp.Trace(errors * errors.T) / (2 * p)

    def best(errors: sp.MatrixExpr) -> sp.Expr:
        """The least loss of all weights and biases."""
        return least(loss(moved(errors)), (weights, biases))

    def excess(errors: sp.MatrixExpr) -> sp.Expr:
        return loss(errors) - best(errors)

    def learnt(errors: sp.MatrixExpr) -> sp.Expr:
        """The loss of the part D Pi."""
        return evaluated(sp.Trace(errors * projector * errors.T)) / (2 * p)

    def without(errors: sp.MatrixExpr) -> sp.Expr:
        """The loss of the part D(I - Pi)."""
        return evaluated(sp.Trace(errors * (eye(p) - projector) * errors.T)) / (2 * p)

    def at_its_least(errors: sp.MatrixExpr, right: sp.Expr) -> Link:
        place = {weights: -errors * G.T / p, biases: evaluated(-errors * one / p)}
        return because(
            "Weights and biases cannot change D(I - Pi), and at the minimum they take D Pi "
            "away. So the least loss is the loss of D(I - Pi).",
            inside(
                by=least_square(of=moved(errors), scale=1 / (2 * p), at=place),
                old=best(errors),
                new=without(errors),
            ),
            right,
        )

    later = after_steps(step, letter, residual, k)
    rules = {
        **COUNT,
        G * G.T: p * eye(N),
        G * one: sp.ZeroMatrix(N, 1),
        one.T * G.T: sp.ZeroMatrix(1, N),
    }
    return Derivation(
        definition=excess(after_steps(step, letter, residual, k)) / excess(residual),
        closed_form=factor**2,
        steps=(
            equal(
                "Z are the standardised inputs, Z1 = 0 and ZZ' = p I, and D the residuals. "
                "A step changes the weights by -eta DZ'/p and the biases by -eta D1/p. So "
                "the residuals become D(I - eta Pi) with Pi = 11'/p + Z'Z/p.",
                residual - eta * (residual * G.T / p) * G - eta * (residual * one / p) * one.T,
                residual * kept,
            ),
            equal(
                "The matrix Pi is a projector: Pi^2 = Pi.", projector * projector, projector, rules
            ),
            equal(
                "The part D(I - Pi) of the residuals never changes.",
                residual * (eye(p) - projector) * kept,
                residual * (eye(p) - projector),
                rules,
            ),
            equal(
                "A step multiplies the part D Pi of the residuals by 1 - eta.",
                residual * projector * kept,
                (1 - eta) * residual * projector,
                rules,
            ),
            equal(
                "The two parts are orthogonal, so the loss is the sum of their losses. D(I "
                "- Pi) gives the least loss. D Pi gives the excess, a square that is "
                "multiplied by (1 - eta)^2 per step.",
                (residual * projector) * (residual * (eye(p) - projector)).T,
                sp.ZeroMatrix(n, n),
                rules,
            ),
        ),
        twins={
            "of the distance, (1 - eta)^k": factor,
            "as long as it falls by 2 eta per step, (1 - 2 eta)^k": (1 - 2 * eta) ** k,
            "one step more": factor**2 * (1 - eta) ** 2,
        },
        chain=chain(
            at_its_least(later, (loss(later) - without(later)) / excess(residual)),
            at_its_least(
                residual, (loss(later) - without(later)) / (loss(residual) - without(residual))
            ),
            calculated(
                "The excess, the loss less the least loss, is the loss of D Pi.",
                learnt(later) / learnt(residual),
            ),
            because(
                "A step multiplies D Pi by 1 - eta.",
                multiplied_by_each_step(quantity=2 * p * learnt(letter), factor=(1 - eta) ** 2),
            ),
            covers=(white(G, STANDARDISED),),
        ),
    )
