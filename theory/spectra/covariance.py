"""What centring does: the covariance has the bulk and not the outlier."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Reached, because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.eigenvalues import largest, second_largest, smallest
from theory.proofs.rules import large
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems.interlacing import second_of_rank_one_above, second_of_rank_one_below
from theory.proofs.theorems.random_matrices import (
    bai_yin_largest,
    bai_yin_smallest,
    sample_covariance,
)
from theory.spectra.letters import (
    ABOVE_ONE,
    COUNT,
    COVARIANCE,
    DATA_R,
    FEWER,
    GAUSSIAN,
    LARGE,
    LOWER,
    MEAN,
    NORMAL,
    SOURCE,
    UPPER,
    N,
    X,
    alpha,
    centred,
    finite_edge,
    limit,
    m,
    n,
    one,
    ones,
    p,
    pushed,
    second_moments,
    v,
)


@claim(
    "bound",
    (s.X,),
    (cite(SOURCE, "only one value"), cite("hornjohnson2013", "corollary 4.3.9")),
    ("any data", "second largest of one eigenvalue: minus infinity"),
)
def one_outlier() -> Derivation:
    """A mean of the inputs makes at most one outlier: the second largest eigenvalue of R = XX'/p
    lies between the second largest and the largest eigenvalue of the covariance C. The reason is R
    = C + mu mu', with mu the mean of the examples."""
    mean = X * ones / p
    mu, w = sp.MatrixSymbol("mu", N, 1), sp.MatrixSymbol("w", N, 1)
    C, shift = sp.MatrixSymbol("C", N, N), X * sp.OneMatrix(p, 1) / p
    split = calculated(
        "With the mean mu = X1/p of the examples, R is the covariance C plus mu mu'.",
        second_largest(COVARIANCE + shift * shift.T),
    )
    return Derivation(
        definition=second_largest(DATA_R),
        closed_form={"lower": second_largest(COVARIANCE), "upper": largest(COVARIANCE)},
        steps=(
            equal(
                "With the mean mu = X1/p of the examples, R is the covariance C plus mu mu'.",
                X * X.T / p,
                (X - mean * ones.T) * (X - mean * ones.T).T / p + mean * mean.T,
                COUNT,
            ),
            equal(
                "For every w orthogonal to mu the values w'Rw and w'Cw are the same.",
                w.T * (C + mu * mu.T) * w,
                w.T * C * w,
                {mu.T * w: sp.ZeroMatrix(1, 1)},
            ),
            cited(
                "The second largest eigenvalue of R is at most the largest value of w'Rw "
                "over the unit vectors w orthogonal to mu, which is at most the largest "
                "eigenvalue of C.",
                cite("hornjohnson2013", "theorem 4.2.6"),
            ),
            equal(
                "For every w the value w'Rw is w'Cw + (w'mu)^2, which is at least w'Cw. So "
                "no eigenvalue of R is below the eigenvalue of C with the same place in the "
                "order.",
                w.T * (C + mu * mu.T) * w,
                w.T * C * w + (w.T * mu) * (w.T * mu).T,
            ),
        ),
        twins={
            "R's bulk is C's": {
                "lower": second_largest(COVARIANCE),
                "upper": second_largest(COVARIANCE),
            },
            "the mean lifts every eigenvalue": {
                "lower": largest(COVARIANCE),
                "upper": largest(DATA_R),
            },
        },
        chain=chain(
            outputs={
                "lower": (
                    split,
                    because(
                        "An added mu mu' lowers no eigenvalue.",
                        second_of_rank_one_above(COVARIANCE, shift),
                        relation=">=",
                    ),
                ),
                "upper": (
                    split,
                    because(
                        "An added mu mu' lifts only one eigenvalue above the largest of C.",
                        second_of_rank_one_below(COVARIANCE, shift),
                        relation="<=",
                    ),
                ),
            },
            reached={
                "lower": Reached({"X": [[1, -1, 0, 0], [0, 0, 2, -2]]}),
                "upper": Reached({"X": [[3, 3], [1, -1]]}),
            },
        ),
    )


@claim(
    "limit",
    (ABOVE_ONE,),
    (cite(SOURCE, "centred inputs"), cite("muirhead1982", "theorem 3.1.2")),
    (NORMAL, LARGE),
)
def centring() -> Derivation:
    """Subtracting the sample means removes the outlier and leaves the bulk of p - 1 examples. The
    condition number of the covariance is ((sqrt alpha + 1)/(sqrt alpha - 1))^2, not 1."""
    projector = sp.Identity(p) - ones * ones.T / p
    P, Q = sp.MatrixSymbol("Pi", p, p), sp.MatrixSymbol("U", p, p - 1)
    closed = ((sp.sqrt(alpha) + 1) / (sp.sqrt(alpha) - 1)) ** 2
    C, A = second_moments(centred(pushed(GAUSSIAN))), sp.MatrixSymbol("A", n, n)
    fewer, unit = v * FEWER * FEWER.T, second_moments(FEWER)
    ratio = largest(A / (alpha * n)) / smallest(A / (alpha * n))
    high, low = ((1 + sign * sp.sqrt(1 / alpha)) ** 2 for sign in (1, -1))
    return Derivation(
        definition=limit(largest(C) / smallest(C)),
        closed_form=closed,
        steps=(
            equal(
                "Centring multiplies X by Pi = I - 11'/p, which is a projector: Pi^2 = Pi.",
                projector * projector,
                projector,
                COUNT,
            ),
            equal(
                "Let Pi = UU' with p - 1 orthonormal columns U. Then X Pi Pi'X' is XU(XU)': "
                "the covariance is the second moment of the p - 1 examples XU, over p.",
                (X * P) * (X * P).T,
                (X * Q) * (X * Q).T,
                {P.T: P, Q * Q.T: P, P * P: P},
            ),
            equal(
                "The examples XU have no mean, since 1'U = 1'Pi U = 0.",
                m * one * ones.T * projector * Q,
                sp.ZeroMatrix(N, p - 1),
                COUNT,
            ),
            cited(
                "Gaussian examples remain independent when U rotates them",
                cite("muirhead1982", "theorem 3.1.2"),
            ),
            equal(
                "The second moment is over p instead of p - 1. The factor (p - 1)/p tends to 1.",
                sp.Limit((p - 1) / p, p, sp.oo),
                1,
            ),
            equal(
                "The condition number is the ratio of the edges (spectra.edges), and (1 - "
                "sqrt alpha)^2 is (sqrt alpha - 1)^2.",
                UPPER / LOWER,
                closed,
            ),
        ),
        twins={
            "its square root": (sp.sqrt(alpha) + 1) / (sp.sqrt(alpha) - 1),
            "equal rates, 1": sp.Integer(1),
        },
        chain=chain(
            because(
                "Centred Gaussian examples are distributed as p - 1 examples without a mean.",
                sample_covariance(ratio, A, MEAN, sp.sqrt(v), GAUSSIAN, FEWER),
                limit(ratio.xreplace({A: fewer})),
            ),
            because(
                "The factor v (p - 1)/p cancels.",
                large.scaled_matrix(factor=v * (alpha * n - 1) / (alpha * n)),
                limit(largest(unit) / smallest(unit)),
            ),
            because(
                "A quotient tends to the quotient of the limits.",
                large.continuous(),
                limit(largest(unit)) / limit(smallest(unit)),
            ),
            because(
                "Z has 1/alpha rows per column, so the largest eigenvalue tends to the upper edge.",
                bai_yin_largest(FEWER),
                high / limit(smallest(unit)),
            ),
            because(
                "In the same way the smallest eigenvalue that is not zero by rank tends to the "
                "lower edge.",
                bai_yin_smallest(FEWER),
                high / low,
            ),
            calculated("Multiply numerator and denominator by alpha."),
        ),
        finite_size=finite_edge(1, alpha * N - 1) / finite_edge(-1, alpha * N - 1) - closed,
    )
