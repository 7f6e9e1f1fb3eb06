"""What a mean of a layer's inputs does to the block."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Reached, because, calculated, chain
from theory.claim import Derivation, Step, claim
from theory.functions import columns
from theory.functions.constants import eye
from theory.functions.eigenvalues import eigenvalues, largest
from theory.functions.matrices import ascending, kron, pinv, stack, trace
from theory.functions.stated import diagonalised, eigenvectors
from theory.kronecker.letters import (
    BESIDE,
    LENGTH,
    NU,
    NU_MATRIX,
    ONE,
    ORTHOGONAL,
    SOURCE,
    SQUARE,
    WAY,
    A,
    N,
    S,
    Sigma,
    deviation,
    f,
    lam,
    mu,
    ones,
    square,
    w,
)
from theory.kronecker.products import products_of_eigenvectors
from theory.proofs.factors import polar, polar_or_zero
from theory.proofs.indices import entrywise
from theory.proofs.rules import order
from theory.proofs.rules.eigenvalues import eigenbasis, plane_and_rest
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems import linear_algebra, norms, spectra

IDENTITY = eye(N)
WHITE = "inputs of covariance I"


#: The mean is a leading eigenvector of the covariance.
LEADING = Reached({"Sigma": [[2, 0], [0, 1]], "mu": [1, 0]})


def second_moment(covariance: sp.MatrixExpr) -> Step:
    """An input is mu + z."""
    none, example = sp.ZeroMatrix(N, 1), mu + deviation
    return equal(
        f"An input is mu + z. On average z is 0 and zz' is the covariance {covariance}, so that "
        f"A is {covariance} + mu mu'.",
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
                "The mean mu is an eigenvector of eigenvalue nu = 1 + |mu|^2.",
                matrix * mu,
                (1 + square) * mu,
                LENGTH,
            ),
            equal(
                "Every w orthogonal to mu is an eigenvector of eigenvalue 1.",
                matrix * w,
                w,
                ORTHOGONAL,
            ),
            *products_of_eigenvectors(),
        ),
        twins={
            "nu without the 1": ascending(stack(kron(mu.T * mu, own), others)),
            "the mean lifts every eigenvalue": ascending(kron(ones(N), kron(NU_MATRIX, own))),
        },
        chain=chain(
            because(
                "S has an orthonormal basis of eigenvectors F.",
                spectra.spectral_theorem(S),
                eigenvalues(kron(matrix, diagonalised(S))),
            ),
            because(
                "The vector mu/|mu| and N - 1 columns orthogonal to mu are a basis. The "
                "products of this basis with F are eigenvectors with these eigenvalues.",
                eigenbasis(
                    columns=sp.BlockMatrix(
                        [[kron(WAY, eigenvectors(S)), kron(BESIDE, eigenvectors(S))]]
                    ),
                    values=stack(kron(NU_MATRIX, own), others),
                ),
            ),
            covers=(polar(mu),),
        ),
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
    matrix, rest = Sigma + mu * mu.T, WAY - mu * pinv(mu) * WAY
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
                "At u = mu/|mu| the value u'Au is |mu|^2 + mu'Sigma mu/|mu|^2, the lower bound.",
                mu.T * (Sigma + mu * mu.T) * mu / square,
                square * ONE + mu.T * Sigma * mu / square,
                LENGTH,
            ),
            equal(
                "At any u the value u'Au is u'Sigma u, which is at most lambda_max(Sigma), "
                "plus (u'mu)^2.",
                u.T * (Sigma + mu * mu.T) * u,
                u.T * Sigma * u + inner * inner.T,
            ),
            equal(
                "The square (u'mu)^2 is at most |mu|^2, since the difference is a square.",
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
        chain=chain(
            outputs={
                "lower": (
                    because(
                        "In the direction u of mu the value u'Au is at most the largest "
                        "eigenvalue.",
                        linear_algebra.largest_rayleigh_quotient(matrix, WAY),
                        columns.inner(WAY, matrix * WAY),
                        ">=",
                    ),
                    because(
                        "For mu other than 0 this value is the lower bound. For mu = 0 the "
                        "bound is 0, and the value is not negative.",
                        order.gap(is_=columns.inner(rest, Sigma * rest)),
                        relation=">=",
                    ),
                ),
                "upper": (
                    because(
                        "The largest eigenvalue of a sum is at most the sum of the largest.",
                        norms.largest_of_a_sum(Sigma, mu * mu.T),
                        largest(Sigma) + largest(mu * mu.T),
                        "<=",
                    ),
                    because(
                        "The largest eigenvalue of mu mu' is |mu|^2.",
                        plane_and_rest(plane=(WAY,), values=(SQUARE,), of=mu * mu.T),
                    ),
                ),
            },
            covers=(polar_or_zero(mu),),
            reached={"lower": LEADING, "upper": LEADING},
        ),
    )


@claim(
    "identity",
    (s.Sigma, s.mu),
    (cite(SOURCE, "corresponding eigenvectors are of the form m (x) v"),),
    ("no bias", "mu mu^+ projects onto mu"),
)
def mean_direction() -> Derivation:
    """The mean mu is an eigenvector of the inputs' second-moment matrix A = Sigma + mu mu' exactly
    where mu is an eigenvector of Sigma. The reason is that A mu and Sigma mu have the same part
    orthogonal to mu. The source's eigenvectors mu (x) f are made of this direction."""
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
                "The matrix A (x) S takes mu (x) f, with S f = lam f, to A mu (x) lam f = "
                "lam (A mu (x) f). So mu (x) f is an eigenvector exactly where mu is one of "
                "A.",
                kron(A * mu, lam * f),
                lam * kron(A * mu, f),
            ),
            second_moment(Sigma),
            equal(
                "The projector I - mu mu^+ removes the part along mu, as mu mu^+ mu = mu. "
                "It leaves the same of A mu as of Sigma mu.",
                projector * matrix * mu,
                projector * Sigma * mu,
                {mu * inverse * mu: mu},
            ),
            equal(
                "Where Sigma mu = sigma2 mu, mu is an eigenvector of A, too, and its "
                "eigenvalue is |mu|^2 + sigma2.",
                matrix * mu,
                (square + other) * mu,
                {Sigma * mu: other * mu, **LENGTH},
            ),
        ),
        twins={
            "printed: always an eigenvector": 0 * mu,
            "of the second moment without projecting": Sigma * mu,
        },
        chain=chain(
            calculated(
                "The vector A mu is Sigma mu plus a multiple of mu, and the multiple has no "
                "part orthogonal to mu."
            )
        ),
    )
