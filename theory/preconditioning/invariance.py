"""Which steps do not see how a layer is written: affine maps of its inputs and outputs.

The transformed layer has the inputs Tx + offset and the outputs Q(Wl x + bl) + any constant, which
the layers around it undo: both networks compute the same function.
"""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, by_step, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.constants import eye
from theory.functions.covariances import diagonal_part
from theory.functions.matrices import stack
from theory.preconditioning.letters import (
    COUNT,
    EXAMPLES,
    SOURCE,
    D,
    N,
    Sigma,
    X,
    eta,
    evaluated,
    inverse,
    mu,
    n,
    one,
    p,
    preconditioner,
    second_moments,
    symmetric,
)
from theory.preconditioning.maps import (
    COVARIANCE,
    CURVED,
    INPUTS,
    MEAN,
    MOMENTS,
    OF_UNITS,
    SLOPES,
    STATISTICS,
    Q,
    S,
    T,
    kernel_of,
    moved,
    offset,
    same_function,
    taken,
)
from theory.proofs.rules import inverses
from theory.proofs.tactics import equal
from theory.proofs.unevaluated import entry


@claim(
    "identity",
    (s.D, s.X, CURVED, s.mu, s.Sigma, s.T, s.offset, s.Q, s.eta),
    (
        cite(SOURCE, "K-FAC is invariant to affine transformations of the layer as a whole"),
        cite("martensgrosse2015"),
        cite("amari1998"),
    ),
    (STATISTICS,),
)
def layer_invariance() -> Derivation:
    """K-FAC's step S^-1 [G_W g_b] Abar^-1, with the gradients G_W and g_b in weights and biases and
    Abar the second-moment matrix of (x, 1), moves the outputs of a layer by -eta S^-1 D [(X - mu
    1')'Sigma^-1 (X - mu 1') + 11']/p, 1 the vector of ones. The move is the same where the step is
    taken after invertible affine maps of the layer's inputs and outputs. So two networks of the
    same function have the same function after the step."""
    weights, biases = taken(MOMENTS.I, COVARIANCE.I)
    closed = S.I * moved(D, X, mu, Sigma.I)
    step = Q.I * (weights * INPUTS + biases * one.T)
    abar, inverse_of_it = (
        made(cov, mean, eye(1))
        for made, cov, mean in ((second_moments, Sigma, mu), (preconditioner, COVARIANCE.I, MEAN))
    )
    # (x, 1) becomes (Tx + offset, 1)
    change = sp.BlockMatrix([[T, offset], [0 * mu.T, eye(1)]])
    there, extended = sp.MatMul(change, abar, change.T), stack(INPUTS, one.T)
    gradients = SLOPES * extended.T / p

    def outputs(back: sp.MatrixExpr) -> sp.MatrixExpr:
        """What K-FAC's step of the transformed layer moves the old outputs by."""
        return evaluated(sp.MatMul(-eta, Q.I, MOMENTS.I, gradients, back, extended))

    return Derivation(
        definition=outputs(sp.Inverse(there)),
        closed_form=evaluated(closed),
        steps=(
            *same_function(),
            equal(
                "So the factor of the step that depends on the inputs is the same as "
                "without the maps, since T'(T Sigma T')^-1 T = Sigma^-1.",
                kernel_of(INPUTS, MEAN, COVARIANCE.I),
                kernel_of(X, mu, Sigma.I),
                inverse(T),
            ),
            equal(
                "The factor that depends on the outputs is the same, too: Q^-1 (Q'^-1 S "
                "Q^-1)^-1 Q'^-1 is S^-1.",
                sp.MatMul(Q.I, sp.Inverse(MOMENTS), SLOPES),
                S.I * D,
                inverse(Q),
            ),
            equal(
                "With both factors the move of the outputs, taken back by Q^-1, is the same "
                "as without the maps.",
                step,
                closed,
                inverse(T) | inverse(Q),
            ),
        ),
        twins={
            "plain descent's": evaluated(moved(D, X, 0 * mu, eye(N))),
            "the outputs' moments left out": evaluated(moved(D, X, mu, Sigma.I)),
            "not centred": evaluated(S.I * moved(D, X, 0 * mu, Sigma.I)),
            "by the blocks of Abar, one by one": evaluated(
                S.I * moved(D, X, 0 * mu, (Sigma + mu * mu.T).I)
            ),
        },
        chain=chain(
            because(
                "The transformed inputs have the mean T mu + offset and the covariance T "
                "Sigma T'. The inverse of their second-moment matrix is written out in this "
                "mean and this covariance.",
                inverses.written_out(matrix=evaluated(there), is_=inverse_of_it),
                outputs(inverse_of_it),
            ),
            calculated("Multiply the blocks.", evaluated(step)),
            by_step("The maps of the inputs and of the outputs drop out.", 6),
            letters=EXAMPLES,
        ),
    )


@claim(
    "identity",
    (s.D, s.X, CURVED, s.mu, s.Sigma, *OF_UNITS, s.eta),
    (
        cite(SOURCE, "invariant to affine transformations of individual units"),
        cite("ollivier2015"),
    ),
    (STATISTICS, "T and Q are diagonal: each unit has a map of its own"),
)
def unit_invariance() -> Derivation:
    """The quasi-diagonal step, which knows only the variances and means of the inputs and the
    diagonal of S, moves the outputs of a layer by -eta diag(S)^-1 D [(X - mu 1')'diag(Sigma)^-1 (X
    - mu 1') + 11']/p, 1 the vector of ones. The move is the same after affine maps of single units,
    such as from tanh to the logistic function, but not after maps that mix units."""
    variances, squares = diagonal_part(Sigma), diagonal_part(S)
    weights, biases = taken(diagonal_part(MOMENTS).I, diagonal_part(COVARIANCE).I)
    closed = squares.I * moved(D, X, mu, variances.I)
    step = Q.I * (weights * INPUTS + biases * one.T)
    at, others = sp.symbols("i others", integer=True, nonnegative=True)
    size = at + others + 1
    scales, matrix = sp.MatrixSymbol("t", size, 1), sp.MatrixSymbol("Sigma", size, size)
    scaled = sp.DiagMatrix(scales) * matrix * sp.DiagMatrix(scales)
    diagonals = {
        diagonal_part(COVARIANCE).I: T.I * variances.I * T.I,
        diagonal_part(MOMENTS).I: Q * squares.I * Q,
        **symmetric(T, Q),
        **inverse(T),
        **inverse(Q),
    }
    return Derivation(
        definition=evaluated(step),
        closed_form=evaluated(closed),
        steps=(
            *same_function(),
            equal(
                "For a diagonal T the diagonal of T Sigma T is t_i^2 Sigma_ii, entry by "
                "entry: diag(T Sigma T) = T diag(Sigma) T.",
                entry(scaled, at, at),
                scales[at, 0] ** 2 * matrix[at, at],
            ),
            equal(
                "So the factor of the step that depends on the inputs is the same as "
                "without the maps, with diag(Sigma) for Sigma.",
                kernel_of(INPUTS, MEAN, diagonal_part(COVARIANCE).I),
                kernel_of(X, mu, variances.I),
                diagonals,
            ),
            equal(
                "The factor that depends on the outputs is the same, too, with diag(S) for "
                "S. So the move of the outputs, taken back by Q^-1, is the same as without "
                "the maps.",
                step,
                closed,
                diagonals,
            ),
        ),
        twins={
            "the whole covariance": evaluated(squares.I * moved(D, X, mu, Sigma.I)),
            "diagonal, without the row for the bias": evaluated(
                squares.I * moved(D, X, 0 * mu, diagonal_part(Sigma + mu * mu.T).I)
            ),
            "plain descent's": evaluated(moved(D, X, 0 * mu, eye(N))),
        },
        chain=chain(by_step("The maps of single units drop out.", 6), letters=EXAMPLES),
    )


@claim(
    "identity",
    (s.D, s.X, s.T, s.offset, s.Q, s.eta),
    (cite(SOURCE, "the same should be true after running the algorithm"),),
)
def plain_descent() -> Derivation:
    """Plain descent is not invariant: taken after the affine maps T, offset of a layer's inputs and
    Q of its outputs, a step moves the outputs by -eta (Q'Q)^-1 D [(TX + offset 1')'(TX + offset 1')
    + 11']/p, 1 the vector of ones. This is the move without maps only for orthogonal T and Q and no
    offset."""
    weights, biases = SLOPES * INPUTS.T / p, SLOPES * one / p
    step = -eta * Q.I * (weights * INPUTS + biases * one.T)
    closed = Q.I * Q.T.I * moved(D, INPUTS, 0 * mu, eye(N))
    still = {T.T * T: eye(N), Q.I * Q.T.I: eye(n), offset: 0 * mu, offset.T: 0 * mu.T}
    return Derivation(
        definition=evaluated(step),
        closed_form=evaluated(closed),
        steps=(
            *same_function()[:2],
            equal(
                "The transformed layer has the gradients D~ (TX + offset 1')'/p in its "
                "weights and D~ 1/p in its biases, with D~ = Q'^-1 D. Multiply the step "
                "out.",
                step,
                closed,
                COUNT,
            ),
            equal(
                "With T'T = I, QQ' = I and offset = 0 the move is the move without maps.",
                closed,
                moved(D, X, 0 * mu, eye(N)),
                still,
            ),
        ),
        twins={
            "invariant, as in the old layer": evaluated(moved(D, X, 0 * mu, eye(N))),
            "outputs taken back by Q' for Q^-1": evaluated(
                Q * Q.T * moved(D, INPUTS, 0 * mu, eye(N))
            ),
            "the offset undone by the bias": evaluated(
                Q.I * Q.T.I * moved(D, T * X, 0 * mu, eye(N))
            ),
        },
        chain=chain(
            by_step("Multiply out the step in the weights and the step in the biases.", 3),
            letters=EXAMPLES,
        ),
    )
