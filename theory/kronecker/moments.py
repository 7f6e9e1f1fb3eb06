"""The spectrum of a Kronecker product: its moments, and how much they fluctuate."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, by_step, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.constants import eye
from theory.functions.heads_of_chance import E, Var
from theory.functions.matrices import kron, trace
from theory.kronecker.letters import (
    DATA_A,
    DATA_S,
    KFAC,
    SOURCE,
    WHITE_NOISE,
    A,
    D,
    N,
    P,
    Q,
    S,
    X,
    n,
    p,
    v,
)
from theory.laws import Entries
from theory.proofs.indices import entrywise
from theory.proofs.rules.chance import expectation
from theory.proofs.rules.powers import power_by_induction
from theory.proofs.tactics import equal

ORDER = s.order.within(low=1, typical=(1, 6))


@claim(
    "identity",
    (s.A, s.S, ORDER),
    (
        cite(SOURCE, "the eigenvalues of A (x) B are the products"),
        cite("hornjohnson1991"),
    ),
)
def product_moments() -> Derivation:
    """The moment of any order of the eigenvalues of the Kronecker product A (x) S, the mean of
    lam^order, is the moment of A's eigenvalues times the moment of S's."""
    order = ORDER.symbol
    powers = sp.MatrixSymbol("A", N, N), sp.MatrixSymbol("S", n, n)
    total, other = trace(A**order), trace(S**order)
    return Derivation(
        definition=trace(kron(A, S) ** order) / (N * n),
        closed_form=total * other / (N * n),
        steps=(
            entrywise(
                "If the power j of A (x) S is Phi (x) Psi, with Phi = A^j and Psi = S^j, "
                "the next power is Phi A (x) Psi S.",
                kron(P, Q) * kron(*powers),
                kron(P * powers[0], Q * powers[1]),
            ),
            entrywise(
                "By induction every power is the product Phi (x) Psi of the powers. Its "
                "trace is the product of the traces of the two factors.",
                sp.Trace(kron(P, Q)),
                sp.Trace(P) * sp.Trace(Q),
            ),
        ),
        twins={
            "the mean of the two": (total / N + other / n) / 2,
            "of N + n eigenvalues": total * other / (N + n),
        },
        chain=chain(
            because(
                "By induction every power is the product of the powers.",
                power_by_induction(of=kron(A, S), count=order, is_=kron(A**order, S**order)),
                trace(kron(A**order, S**order)) / (N * n),
            ),
            calculated("The trace of a Kronecker product is the product of the traces."),
        ),
    )


@claim(
    "identity",
    (s.N, s.n, s.p, s.v),
    (
        cite("muirhead1982", "section 3.2"),
        cite(SOURCE, "the eigenvalues of A (x) B are the products"),
    ),
    (WHITE_NOISE, "Gaussian inputs and derivatives, independent of each other"),
)
def product_fluctuation() -> Derivation:
    """A large Kronecker product fluctuates as its small factors do: the mean eigenvalue of A (x) S
    from p examples has mean v and variance v^2 [(1 + 2/(Np))(1 + 2/(np)) - 1], about (2 v^2/p)(1/N
    + 1/n). Here A (N x N) and S (n x n) are the second-moment matrices of a layer's inputs and
    derivatives. It is the fluctuation
    of N + n eigenvalues, not of N n."""
    mean_eigenvalue = sp.Trace(KFAC) / (N * n)
    two_means = sp.Trace(DATA_A) / N * sp.Trace(DATA_S) / n
    degrees, chi = sp.symbols("d chi2", positive=True)
    density = chi ** (degrees / 2 - 1) * sp.exp(-chi / 2) / 2 ** (degrees / 2)
    density /= sp.gamma(degrees / 2)
    variance = v**2 * ((1 + 2 / (N * p)) * (1 + 2 / (n * p)) - 1)
    return Derivation(
        definition={"mean": E(mean_eigenvalue), "variance": Var(mean_eigenvalue)},
        closed_form={"mean": v, "variance": variance},
        steps=(
            entrywise(
                "The mean eigenvalue of A (x) S, its trace over N n, is the product of the "
                "mean eigenvalues of A and S, which are independent.",
                sp.Trace(kron(A, S)) / (N * n),
                (sp.Trace(A) / N) * (sp.Trace(S) / n),
            ),
            equal(
                "The trace of A is v/p times the sum of d = N p squares of standard normal "
                "numbers, a chi^2 of mean d.",
                sp.Integral(chi * density, (chi, 0, sp.oo)),
                degrees,
            ),
            equal(
                "The mean square of this chi^2 is d^2 + 2d = d^2 (1 + 2/d). The same holds "
                "for tr S, with d = n p.",
                sp.Integral(chi**2 * density, (chi, 0, sp.oo)),
                degrees**2 * (1 + 2 / degrees),
            ),
            equal(
                "The mean squares of independent factors multiply. The variance is their "
                "product less the square v^2 of the mean.",
                (v / (N * p)) ** 2
                * (N * p) ** 2
                * (1 + 2 / (N * p))
                * (n * p) ** 2
                * (1 + 2 / (n * p))
                / (n * p) ** 2
                - v**2,
                variance,
            ),
        ),
        twins={
            "of N n eigenvalues": {"mean": v, "variance": 2 * v**2 / (N * n * p)},
            "of A's alone": {"mean": v, "variance": 2 * v**2 / (N * p)},
        },
        chain=chain(
            outputs={
                "mean": (
                    by_step(
                        "The mean eigenvalue of A (x) S is the product of the mean eigenvalues "
                        "of A and S.",
                        1,
                        E(two_means),
                    ),
                    because(
                        "The mean of a sum of squares is the sum of the means, and the "
                        "means of independent factors multiply.",
                        expectation(),
                    ),
                ),
                "variance": (
                    by_step(
                        "The mean eigenvalue of A (x) S is the product of the mean eigenvalues "
                        "of A and S.",
                        1,
                        Var(two_means),
                    ),
                    because(
                        "The mean of a product of four Gaussian numbers is a sum over pairings.",
                        expectation(),
                    ),
                ),
            },
            letters={A: DATA_A, S: DATA_S},
            laws={
                X: Entries(sp.ZeroMatrix(N, p), v * eye(N), eye(p)),
                D: Entries(sp.ZeroMatrix(n, p), eye(n), eye(p)),
            },
        ),
    )
