"""The power method: the eigenvalue that repeated products find, and how fast."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, by_step, calculated, chain
from theory.claim import Derivation, claim
from theory.domain import Condition
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest, smallest
from theory.proofs import covers
from theory.proofs.rules import explicit, leading
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems import spectral
from theory.proofs.unevaluated import unevaluated
from theory.stability.letters import (
    SOURCE,
    SPECTRAL,
    Hess,
    P,
    k,
    lam,
)

ratio, tangent = s.ratio.symbol, s.tangent.symbol
low = sp.Symbol("lambda_min", real=True)
room = sp.Symbol("room", nonnegative=True)
HAS_A_PART = "the start is not orthogonal to its eigenvector, as no random start is"
part, other = sp.symbols("a a_2", positive=True)


@claim(
    "identity",
    (s.Hess,),
    (cite(SOURCE, "Power method"), cite("parlett1998", "chapter 4")),
    (
        Condition(
            "one eigenvalue has the largest absolute value, lambda_max is not -lambda_min",
            sp.Ne(largest(Hess), -smallest(Hess)),
        ),
        HAS_A_PART,
    ),
)
def power_method() -> Derivation:
    """The power method, repeated products of a vector with the Hessian, finds the eigenvalue of
    largest absolute value. This is the smallest eigenvalue where the loss curves downwards more
    than upwards, so it is not always the largest."""
    curving, next_one = sp.symbols("lambda_1 lambda_2", real=True, nonzero=True)
    quotient = (
        part**2 * curving * curving ** (2 * k) + other**2 * next_one * next_one ** (2 * k)
    ) / (part**2 * curving ** (2 * k) + other**2 * next_one ** (2 * k))
    small = sp.Symbol("b", positive=True)
    step = sp.Symbol("k", positive=True)
    top, bottom = largest(Hess), smallest(Hess)
    start = sp.MatrixSymbol("x_0", P, 1)
    after = Hess**k * start
    bends = spectral.powers_on_eigenvectors(Hess, start, k, k + 1)
    lengths = spectral.powers_on_eigenvectors(Hess, start, k, k)
    above, below = (each.statement().right for each in (bends, lengths))
    return Derivation(
        definition=sp.Limit(inner(after, Hess * after) / inner(after, after), k, sp.oo),
        closed_form=sp.Piecewise((top, sp.Gt(top + bottom, 0)), (bottom, True)),
        steps=(
            cited("H = UDU' with U orthogonal and D diagonal: components separate", SPECTRAL),
            equal(
                "After k products the component a along an eigenvector has become a lambda^k. "
                "Every other component, here a_2, moves the Rayleigh quotient off lambda_1 by a "
                "multiple of (lambda_2/lambda_1)^(2k).",
                quotient,
                curving
                + (next_one - curving)
                * (other / part) ** 2
                * (next_one ** (2 * k) / curving ** (2 * k))
                / (1 + (other / part) ** 2 * (next_one ** (2 * k) / curving ** (2 * k))),
            ),
            equal(
                "Where |lambda_1/lambda_2| = 1 + b with b > 0, the power "
                "(lambda_2/lambda_1)^(2k) is (1 + b)^(-2k). It tends to zero, whatever the "
                "signs.",
                sp.Limit((1 / (1 + small)) ** (2 * step), step, sp.oo),
                0,
            ),
            equal(
                "All eigenvalues lie between lambda_min and lambda_max = lambda_min + room, so "
                "one of these two has the largest |lambda|. Their squares differ by room times "
                "their sum: it is lambda_max if the sum is positive.",
                (low + room) ** 2 - low**2,
                room * (low + (low + room)),
            ),
        ),
        twins={
            "the maximal eigenvalue, as where all are positive": top,
            "the largest absolute value, without its sign": sp.Max(top, -bottom),
        },
        chain=chain(
            because(
                "Each product multiplies the part along an eigenvector by its eigenvalue.",
                bends,
                sp.Limit(above / inner(after, after), k, sp.oo),
            ),
            because(
                "The squared length is a sum over the eigenvectors, too.",
                lengths,
                sp.Limit(above / below, k, sp.oo),
            ),
            because("The eigenvalue of largest size outgrows the others.", leading.leading_power()),
            covers=(covers.leading(Hess, start, HAS_A_PART),),
        ),
    )


@claim(
    "identity",
    (s.lam, s.ratio, s.tangent, s.k),
    (cite("parlett1998", "chapter 4"), cite(SOURCE, "Power method")),
    ("two eigenvalues, lam and ratio lam, |ratio| < 1",),
)
def power_method_rate() -> Derivation:
    """After k products of the power method the tangent of the angle to the leading eigenvector is
    tangent |ratio|^k. The Rayleigh quotient lies below the eigenvalue lam by lam (1 - ratio) times
    the square of this tangent in leading order, so the eigenvalue is found twice as fast as the
    vector."""
    left = tangent * ratio**k
    value = lam * (1 - ratio) * left**2 / (1 + left**2)
    c, q = sp.Symbol("b", real=True, nonzero=True), sp.Symbol("a", real=True)
    vector = sp.Matrix([c, c * q])
    matrix = sp.diag(lam, ratio * lam)
    H = sp.ImmutableMatrix(matrix)
    along, across = (sp.ImmutableMatrix(entries) for entries in ([1, 0], [0, 1]))
    start = sp.ImmutableMatrix([1, tangent])
    after = sp.MatMul(sp.MatPow(H, k), start)
    first, second = lam**k, tangent * (ratio * lam) ** k
    return Derivation(
        definition={
            "tangent": sp.Abs(inner(across, after) / inner(along, after), evaluate=False),
            "error": lam - inner(after, sp.MatMul(H, after)) / inner(after, after),
        },
        closed_form={"tangent": tangent * sp.Abs(ratio) ** k, "error": value},
        steps=(
            equal(
                "Two components b and a b have the quotient a. A product with the Hessian "
                "multiplies them by lam and by ratio lam, so it multiplies the quotient by the "
                "ratio.",
                unevaluated((matrix * vector)[1]) / (matrix * vector)[0],
                ratio * q,
            ),
            equal(
                "The Rayleigh quotient falls short of lam by a function of the quotient a of "
                "the components alone.",
                lam - (vector.T * matrix * vector)[0] / (vector.T * vector)[0],
                lam * (1 - ratio) * q**2 / (1 + q**2),
            ),
            equal(
                "Over a^2 this error tends to lam (1 - ratio) for small a. So the error of the "
                "eigenvalue is of second order in the tangent a of the angle.",
                sp.Limit((lam * (1 - ratio) * q**2 / (1 + q**2)) / q**2, q, 0),
                lam * (1 - ratio),
            ),
        ),
        twins={
            "the eigenvalue as slow as the vector": {
                "tangent": tangent * sp.Abs(ratio) ** k,
                "error": lam * (1 - ratio) * tangent**2 * sp.Abs(ratio) ** k
                / (1 + tangent**2 * sp.Abs(ratio) ** k),
            },
            "the vector as fast as the eigenvalue": {
                "tangent": tangent * ratio ** (2 * k),
                "error": value,
            },
        },
        chain=chain(
            outputs={
                "tangent": (
                    because(
                        "After k products the components are lam^k and tangent (ratio lam)^k.",
                        explicit.carried_out(),
                        sp.Abs(second / first),
                    ),
                    calculated("The quotient of both is multiplied by the ratio k times."),
                ),
                "error": (
                    because(
                        "After k products the components are lam^k and tangent (ratio lam)^k.",
                        explicit.carried_out(),
                        lam - lam * (first**2 + ratio * second**2) / (first**2 + second**2),
                    ),
                    by_step(
                        "The Rayleigh quotient falls short of lam by a function of the quotient "
                        "a of the components alone.", 2,
                        where={c: first, q: left},
                    ),
                ),
            },
            covers=(covers.sign_of(ratio),),
        ),
    )  # fmt: skip
