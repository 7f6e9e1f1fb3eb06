"""What a mean of a layer's inputs does to the block, without a bias and with one."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.claim import Derivation, Step, claim
from theory.functions.constants import eye
from theory.functions.eigenvalues import eigenvalues, largest, smallest
from theory.functions.matrices import ascending, kron, pinv, stack, trace
from theory.kronecker.letters import (
    LENGTH,
    NU,
    NU_MATRIX,
    ONE,
    ORTHOGONAL,
    SOURCE,
    SQUARE,
    A,
    N,
    S,
    Sigma,
    deviation,
    f,
    kappa,
    lam,
    mu,
    ones,
    square,
    w,
)
from theory.kronecker.products import products_of_eigenvectors
from theory.proofs.indices import entrywise
from theory.proofs.tactics import cited, equal, nonnegative, positive

IDENTITY = eye(N)
WHITE = "inputs of covariance I"
WITH_BIAS = sp.BlockMatrix([[IDENTITY + mu * mu.T, mu], [mu.T, ONE]])


def second_moment(covariance: sp.MatrixExpr) -> Step:
    """An input is mu + z."""
    none, example = sp.ZeroMatrix(N, 1), mu + deviation
    return equal(
        "An input is mu + z; on average z is 0 and zz' the covariance, so A is",
        example * example.T,
        covariance + mu * mu.T,
        {deviation * deviation.T: covariance, deviation: none, deviation.T: none.T},
    )


@claim(
    "identity",
    (s.mu, s.S),
    (cite(SOURCE, "ICS Conditioning Hypothesis"),),
    (WHITE, "no bias", "block A (x) S"),
)
def uncentred() -> Derivation:
    """Inputs of covariance I and mean mu have the second-moment matrix A = I + mu mu', with the
    eigenvalue nu = |mu|^2 + 1 once and the eigenvalue 1 otherwise. So the block, the Kronecker
    product A (x) S, has the eigenvalues nu lambda_i(S), with eigenvectors mu (x) f for f an
    eigenvector of S, and N - 1 times each eigenvalue lambda_i(S)."""
    own, matrix = eigenvalues(S), IDENTITY + mu * mu.T
    others = kron(ones(N - 1), own)
    return Derivation(
        definition=eigenvalues(kron(matrix, S)),
        closed_form=ascending(stack(kron(NU_MATRIX, own), others)),
        steps=(
            second_moment(IDENTITY),
            equal(
                "mu is an eigenvector of nu = 1 + |mu|^2;",
                matrix * mu,
                (1 + square) * mu,
                LENGTH,
            ),
            equal("every w orthogonal to mu has the eigenvalue 1.", matrix * w, w, ORTHOGONAL),
            *products_of_eigenvectors(),
        ),
        twins={
            "nu without the 1": ascending(stack(kron(mu.T * mu, own), others)),
            "the mean lifts every eigenvalue": ascending(kron(ones(N), kron(NU_MATRIX, own))),
        },
    )


@claim(
    "bound",
    (s.Sigma, s.mu),
    (cite(SOURCE, "nu = |m|^2 + 1"), cite("hornjohnson2013", "theorem 4.2.2")),
    ("no bias", "mu^+ Sigma mu is mu'Sigma mu/|mu|^2, and 0 for mu = 0"),
)
def top_eigenvalue() -> Derivation:
    """With any covariance Sigma the largest eigenvalue of the inputs' second-moment matrix A =
    Sigma + mu mu' lies between |mu|^2 + mu'Sigma mu/|mu|^2 and |mu|^2 + lambda_max(Sigma),
    lambda_max(Sigma) the largest eigenvalue of Sigma. The two bounds are equal where mu is a
    leading eigenvector of Sigma."""
    u = s.u.symbol
    along = trace(pinv(mu) * Sigma * mu)
    inner = u.T * mu
    return Derivation(
        definition=largest(Sigma + mu * mu.T),
        closed_form={"lower": SQUARE + along, "upper": SQUARE + largest(Sigma)},
        steps=(
            second_moment(Sigma),
            cited(
                "The largest eigenvalue is the largest value of u'Au over unit vectors u.",
                cite("hornjohnson2013", "theorem 4.2.2"),
            ),
            equal(
                "At u = mu/|mu| it is |mu|^2 + mu'Sigma mu/|mu|^2: the lower bound.",
                mu.T * (Sigma + mu * mu.T) * mu / square,
                square * ONE + mu.T * Sigma * mu / square,
                LENGTH,
            ),
            equal(
                "Elsewhere it is u'Sigma u, at most lambda_max(Sigma), plus (u'mu)^2,",
                u.T * (Sigma + mu * mu.T) * u,
                u.T * Sigma * u + inner * inner.T,
            ),
            equal(
                "at most |mu|^2, since the difference is a square.",
                mu.T * mu - inner.T * inner,
                (mu - u * inner).T * (mu - u * inner),
                {u.T * u: ONE},
            ),
        ),
        twins={
            "printed: |mu|^2 + 1": {"lower": NU, "upper": NU},
            "the sum of Sigma's eigenvalues": {
                "lower": SQUARE + along,
                "upper": SQUARE + trace(Sigma),
            },
        },
    )


@claim(
    "identity",
    (s.Sigma, s.mu),
    (cite(SOURCE, "corresponding eigenvectors are of the form m (x) v"),),
    ("no bias", "mu mu^+ projects onto mu"),
)
def mean_direction() -> Derivation:
    """The vector mu (x) f, with f an eigenvector of S of eigenvalue not 0, is an eigenvector of A
    (x) S, A = Sigma + mu mu', exactly where mu is an eigenvector of Sigma. The reason is that A mu
    and Sigma mu have the same part orthogonal to mu."""
    matrix = Sigma + mu * mu.T
    rest = Sigma * mu - mu * pinv(mu) * Sigma * mu
    inverse = sp.MatrixSymbol("mu^+", 1, N)
    projector = IDENTITY - mu * inverse
    other = sp.Symbol("sigma2", positive=True)
    return Derivation(
        definition=matrix * mu - mu * pinv(mu) * matrix * mu,
        closed_form=rest,
        steps=(
            entrywise(
                "A (x) S takes mu (x) f, S f = lam f, to lam (A mu (x) f),",
                kron(A * mu, lam * f),
                lam * kron(A * mu, f),
            ),
            second_moment(Sigma),
            equal(
                "and I - mu mu^+, with mu mu^+ mu = mu, keeps of A mu what it keeps of Sigma mu.",
                projector * matrix * mu,
                projector * Sigma * mu,
                {mu * inverse * mu: mu},
            ),
            equal(
                "Where Sigma mu = sigma2 mu nothing is left and the eigenvalue of A is "
                "|mu|^2 + sigma2.",
                matrix * mu,
                (square + other) * mu,
                {Sigma * mu: other * mu, **LENGTH},
            ),
        ),
        twins={
            "printed: always an eigenvector": 0 * mu,
            "of the second moment without projecting": Sigma * mu,
        },
    )


def with_bias() -> tuple[Step, ...]:
    """The matrix of the inputs with a constant one, on its two-dimensional and other subspaces."""
    one, other = sp.symbols("x y", real=True)
    pair = sp.Matrix([[1 + square, 1], [square, 1]])
    return (
        second_moment(IDENTITY),
        equal(
            "A bias is the weight of one more input, the constant 1. On a vector (x mu, y) the "
            "second moment [[I + mu mu', mu], [mu', 1]] gives ((1 + |mu|^2)x + y) mu above",
            (IDENTITY + mu * mu.T) * (one * mu) + other * mu,
            ((1 + square) * one + other) * mu,
            LENGTH,
        ),
        equal(
            "and |mu|^2 x + y below;",
            mu.T * (one * mu) + other * ONE,
            (square * one + other) * ONE,
            LENGTH,
        ),
        equal(
            "on (w, 0) with w orthogonal to mu it is 1: above it gives w, below nothing.",
            (IDENTITY + mu * mu.T) * w,
            w,
            ORTHOGONAL,
        ),
        equal(
            "The two other eigenvalues are the roots of this, of sum |mu|^2 + 2 and product 1.",
            (kappa * sp.eye(2) - pair).det(),
            kappa**2 - (square + 2) * kappa + 1,
        ),
    )


@claim(
    "identity",
    (s.mu,),
    (cite(SOURCE, "nu = |m|^2 + 1"),),
    (WHITE,),
)
def bias() -> Derivation:
    """With a bias, the weight of one more input that is always 1, the second-moment matrix of
    inputs of covariance I and mean mu has the eigenvalues 1 + |mu|^2/2 +- (|mu|/2) sqrt(|mu|^2 +
    4), whose product is 1, and otherwise the eigenvalue 1. So a bias does not centre the inputs: it
    makes their curvature worse."""
    root = sp.sqrt(SQUARE * (SQUARE + 4))
    top = 1 + SQUARE / 2 + root / 2
    high = 1 + square / 2 + sp.sqrt(square * (square + 4)) / 2
    return Derivation(
        definition={"largest": largest(WITH_BIAS), "smallest": smallest(WITH_BIAS)},
        # 1/top, not 1 + |mu|^2/2 - root/2, which cancels
        closed_form={"largest": top, "smallest": 1 / top},
        steps=(
            *with_bias(),
            equal(
                "The larger is 1 + |mu|^2/2 + (|mu|/2) sqrt(|mu|^2 + 4),",
                high**2 - (square + 2) * high + 1,
                0,
            ),
            equal(
                "the other 1 + |mu|^2/2 - (|mu|/2) sqrt(|mu|^2 + 4), its inverse;",
                1 / high,
                1 + square / 2 - sp.sqrt(square * (square + 4)) / 2,
            ),
            nonnegative("1 lies between.", high - 1),
        ),
        twins={
            "printed: |mu|^2 + 1, all others 1": {"largest": NU, "smallest": sp.Integer(1)},
            "a bias centres": {"largest": sp.Integer(1), "smallest": sp.Integer(1)},
        },
    )


@claim(
    "bound",
    (s.mu,),
    (cite(SOURCE, "nu = |m|^2 + 1"),),
    (WHITE,),
)
def bias_condition() -> Derivation:
    """A bias squares the condition number: with a bias, the second-moment matrix of inputs of
    covariance I and mean mu has a condition number between nu^2 and (nu + 1)^2, nu = |mu|^2 + 1, so
    that the condition number grows as |mu|^4. Without a bias it is nu."""
    excess = sp.Symbol("e", nonnegative=True)
    high, low, length = 1 + excess, 1 / (1 + excess), excess**2 / (1 + excess)
    return Derivation(
        definition=largest(WITH_BIAS) / smallest(WITH_BIAS),
        closed_form={"lower": NU**2, "upper": (NU + 1) ** 2},
        steps=(
            *with_bias(),
            equal(
                "Let them be 1 + e and 1/(1 + e), e >= 0. Their sum gives |mu|^2 = e^2/(1 + e),",
                high + low - 2,
                length,
            ),
            equal("their ratio is the square of the larger,", high / low, high**2),
            equal("which exceeds nu = |mu|^2 + 1 by", high - (length + 1), excess / (1 + excess)),
            nonnegative("not less than 0,", excess / (1 + excess)),
            equal("and stays below nu + 1 by the smaller,", length + 2 - high, low),
            positive("more than 0.", low),
            equal(
                "The condition number over |mu|^4 tends to 1.",
                sp.Limit(
                    (1 + square / 2 + sp.sqrt(square * (square + 4)) / 2) ** 2 / square**2,
                    square,
                    sp.oo,
                ),
                1,
            ),
        ),
        twins={
            "printed: nu": {"lower": NU, "upper": NU},
            "twice nu": {"lower": 2 * NU, "upper": (NU + 1) ** 2},
        },
    )
