"""What the sources print wrongly about the curvature of a layer."""

from companion.references import cite
from theory import kronecker
from theory.erratum import Erratum

SOURCE = "grosse2021"

E18 = Erratum(
    name="E18",
    kind="counterexample",
    printed="hypothesis: for a network with output dimension M, if the mean of the activations is "
    "far from zero, we'd expect the block to have as many as M large eigenvalues",
    right="it has as many as S has that are not zero, min(n, M p) for p examples with Jacobians of "
    "their own; at most M only where all examples share one Jacobian, as in a deep linear net, and "
    "M - 1 for softmax",
    counterexample="one output, y = relu(z_1) + relu(z_2), and two examples, (3, 1) and (3, -1), "
    "of which z = (x_2, -x_2) opens one gate each: S = I/2, and the block has the eigenvalue 5 "
    "twice, else 0, with the mean (3, 0) of the inputs. The number of large eigenvalues",
    claims=(kronecker.outlier_count, kronecker.uncentred, kronecker.deep_linear),
    reference=cite(SOURCE, "ICS Conditioning Hypothesis"),
    printed_value=lambda: kronecker.outlier_count.twins["printed: M"](n=2, p=2, M=1)[
        "own Jacobians"
    ],
    right_value=lambda: kronecker.outlier_count(n=2, p=2, M=1)["own Jacobians"],
)

E19 = Erratum(
    name="E19",
    kind="scope",
    printed="hypothesis: if m is far from zero, we'd expect the large eigenvalues to be "
    "nu lambda_i(S) with nu = |m|^2 + 1, and eigenvectors of the form m (x) v",
    right="so they are for inputs of covariance I and a layer without a bias. With covariance "
    "Sigma nu lies between |m|^2 + m'Sigma m/|m|^2 and |m|^2 + lambda_max(Sigma), and m (x) v is "
    "an eigenvector only where m is one of Sigma; with a bias the eigenvalues are "
    "1 + |m|^2/2 +- (|m|/2) sqrt(|m|^2 + 4) and the condition number grows as |m|^4, not |m|^2",
    counterexample="two inputs of covariance I and mean (3, 4): without a bias the largest "
    "eigenvalue and the condition number of the second moment are 26, with one 26.96 and 727",
    claims=(
        kronecker.bias,
        kronecker.bias_condition,
        kronecker.top_eigenvalue,
        kronecker.mean_direction,
        kronecker.uncentred,
    ),
    reference=cite(SOURCE, "ICS Conditioning Hypothesis, nu = |m|^2 + 1"),
)
