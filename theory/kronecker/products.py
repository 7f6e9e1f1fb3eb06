"""Kronecker products: their eigenvalues, what they multiply, their inverse."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, by_step, calculated, chain
from theory.claim import Derivation, Step, claim
from theory.functions.eigenvalues import eigenvalues
from theory.functions.matrices import ascending, kron, vec
from theory.functions.stated import diagonalised, eigenvectors
from theory.kronecker.letters import (
    SOURCE,
    SPECTRAL,
    A,
    Delta,
    N,
    P,
    Q,
    S,
    a,
    b,
    f,
    h,
    lam,
    n,
    ones,
)
from theory.proofs.indices import entrywise
from theory.proofs.rules.eigenvalues import eigenbasis
from theory.proofs.tactics import cited
from theory.proofs.theorems import spectra


def products_of_eigenvectors() -> tuple[Step, ...]:
    """The eigenvectors of A (x) S are the products of A's with S's, and no others are needed."""
    other = sp.Symbol("nu", real=True)
    return (
        cited("A and S have orthonormal bases of eigenvectors.", SPECTRAL),
        entrywise(
            "The factors of Kronecker products multiply one by one: (A (x) S)(a (x) f) = Aa "
            "(x) Sf.",
            kron(A, S) * kron(a, f),
            kron(A * a, S * f),
        ),
        entrywise(
            "Where A a = lam a and S f = nu f, Aa (x) Sf is lam nu (a (x) f). So a (x) f is "
            "an eigenvector of A (x) S with the eigenvalue lam nu.",
            kron(lam * a, other * f),
            lam * other * kron(a, f),
        ),
        entrywise(
            "The inner product of a (x) f and b (x) h is the product a'b f'h. So products "
            "of orthonormal vectors are orthonormal, and all N n of them are a basis.",
            kron(a, f).T * kron(b, h),
            kron(a.T * b, f.T * h),
        ),
    )


@claim(
    "identity",
    (s.A, s.S),
    (
        cite(SOURCE, "the eigenvalues of A (x) B are the products"),
        cite("hornjohnson1991", "theorem 4.2.12"),
    ),
)
def product_eigenvalues() -> Derivation:
    """The N n eigenvalues of the Kronecker product A (x) S are the products of an eigenvalue of A
    and an eigenvalue of S. The eigenvectors are the products a (x) f of an eigenvector a of A and
    an eigenvector f of S."""
    first, second = eigenvalues(A), eigenvalues(S)
    return Derivation(
        definition=eigenvalues(kron(A, S)),
        closed_form=ascending(kron(first, second)),
        steps=products_of_eigenvectors(),
        twins={
            "sums of eigenvalues": ascending(kron(first, ones(n)) + kron(ones(N), second)),
            "only the eigenvalues of A": ascending(kron(first, ones(n))),
        },
        chain=chain(
            because(
                "A has an orthonormal basis of eigenvectors.",
                spectra.spectral_theorem(A),
                eigenvalues(kron(diagonalised(A), S)),
            ),
            because(
                "S has an orthonormal basis of eigenvectors, too.",
                spectra.spectral_theorem(S),
                eigenvalues(kron(diagonalised(A), diagonalised(S))),
            ),
            because(
                "The products of eigenvectors are an orthonormal basis, and their eigenvalues are "
                "the products.",
                eigenbasis(
                    columns=kron(eigenvectors(A), eigenvectors(S)), values=kron(first, second)
                ),
            ),
        ),
    )


@claim(
    "identity",
    (s.A, s.S, s.Delta),
    (cite(SOURCE, "K-FAC approximation"), cite("hornjohnson1991", "lemma 4.3.1")),
    ("vec stacks columns; Delta has one row per output",),
)
def matrix_product() -> Derivation:
    """Multiplying a layer's weights, stacked by columns, by the Kronecker product A (x) S
    multiplies them by S from the left and by A from the right: (A (x) S) vec(Delta) = vec(S Delta
    A), where vec stacks columns. Weights that are stacked by rows, as in most programs, need S (x)
    A."""
    closed = vec(S * Delta * A)
    return Derivation(
        definition=kron(A, S) * vec(Delta),
        closed_form=closed,
        steps=(
            entrywise(
                "Stacked by columns, the outer product f a' of a vector f of outputs and a "
                "vector a of inputs is a (x) f: the vector of inputs comes first.",
                vec(f * a.T),
                kron(a, f),
            ),
            entrywise(
                "Entry by entry both sides are the same sum over the entries of A, S and "
                "Delta, as A is symmetric.",
                kron(A, S) * vec(Delta),
                closed,
                symmetric=(A,),
            ),
            entrywise(
                "Stacked by rows, as the columns of Delta', the weights need the factors in "
                "the other order, S (x) A.",
                kron(S, A) * vec(Delta.T),
                vec((S * Delta * A).T),
                symmetric=(A,),
            ),
        ),
        twins={
            "stacked by rows, S (x) A": kron(S, A) * vec(Delta),
            "A left out": vec(S * Delta),
        },
        chain=chain(calculated("Entry by entry both sides are the same sum, as A is symmetric.")),
    )


@claim(
    "identity",
    (s.A.within(kind="definite"), s.S.within(kind="definite"), s.Delta),
    (cite("martensgrosse2015", "section 4"), cite("hornjohnson1991", "corollary 4.2.11")),
    ("vec stacks columns",),
)
def inverse_product() -> Derivation:
    """K-FAC divides a gradient by the Kronecker product A (x) S without forming that matrix: (A (x)
    S)^-1 vec(Delta) = vec(S^-1 Delta A^-1). This takes two small inverses instead of one large
    inverse."""
    return Derivation(
        definition=kron(A, S).inverse() * vec(Delta),
        closed_form=vec(S.inverse() * Delta * A.inverse()),
        steps=(
            entrywise(
                "The factors of two Kronecker products multiply one by one. Here Phi = A^-1 "
                "and Psi = S^-1.",
                kron(P, Q) * kron(A, S),
                kron(P * A, Q * S),
            ),
            entrywise(
                "As Phi A = I and Psi S = I, the product is I (x) I, which changes no "
                "vector. So Phi (x) Psi is the inverse of A (x) S.",
                kron(sp.Identity(N), sp.Identity(n)) * vec(Delta),
                vec(Delta),
            ),
            entrywise(
                "The inverse multiplies Delta by Psi = S^-1 from the left and by Phi = A^-1 "
                "from the right (kronecker.matrix_product). Phi is symmetric, as A is.",
                kron(P, Q) * vec(Delta),
                vec(Q * Delta * P),
                symmetric=(P,),
            ),
        ),
        twins={
            "factors changed over": kron(S.inverse(), A.inverse()) * vec(Delta),
            "only S inverted": vec(S.inverse() * Delta),
        },
        chain=chain(
            calculated(
                "The inverse of a product is the product of the inverses.",
                kron(A.inverse(), S.inverse()) * vec(Delta),
            ),
            by_step(
                "The matrix A^-1 (x) S^-1 multiplies Delta by S^-1 from the left and by A^-1 "
                "from the right.",
                3,
                where={P: A.inverse(), Q: S.inverse()},
            ),
        ),
    )
