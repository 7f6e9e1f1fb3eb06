"""What the sources print wrongly about the spectrum of random inputs."""

from companion.references import cite
from theory import quadratic, spectra
from theory.erratum import Erratum

WHY = "whybatchnorm"

E11 = Erratum(
    name="E11",
    kind="scope",
    printed="a large isolated eigenvalue is present when inputs are biased: for the p -> infinity "
    "limit it is lambda_N = N m^2 + v, and all other N - 1 equal v",
    right="so it is in that limit, at fixed N (spectra.population). With finitely many examples, "
    "alpha = p/N per input, the isolated eigenvalue is (v + N m^2)(v/alpha + N m^2)/(N m^2) if "
    "N m^2 > v/sqrt(alpha), and the others fill the Marchenko-Pastur bulk",
    counterexample="N = 320, alpha = 1.25, m = 0.22, v = 0.9: 17.1498, and N m^2 + v is 16.388",
    claims=(spectra.outlier, spectra.population, spectra.threshold),
    reference=cite(WHY, "lambda_N = N m^2 + v"),
)

E13 = Erratum(
    name="E13",
    kind="counterexample",
    printed="R is clearly the covariance matrix of the inputs",
    right="R is their uncentred second moment; the covariance has no eigenvalue from the mean, and "
    "one more zero where p <= N",
    counterexample="N = 1, p = 2, the inputs 1 and 3: the Hessian of the loss",
    claims=(quadratic.hessian, spectra.null_count, spectra.one_outlier),
    reference=cite(WHY, "R is clearly the NxN input covariance matrix"),
    printed_value=lambda: quadratic.hessian.twins["the covariance, inputs centred"](X=[[1, 3]]),
    right_value=lambda: quadratic.hessian(X=[[1, 3]]),
)

E30 = Erratum(
    name="E30",
    kind="counterexample",
    printed="as the eigenvalues have no outliers, one learning rate, 1/lambda_max, gives all "
    "weights the same rate of convergence and makes the network invariant to initialisation",
    right="the bulk that remains has the condition number ((sqrt(alpha) + 1)/(sqrt(alpha) - 1))^2, "
    "so equal rates need alpha -> infinity; on a quadratic the rates never depend on the start",
    counterexample="alpha = 2, no mean: fastest over slowest rate",
    claims=(spectra.centring, spectra.edges, quadratic.decay),
    reference=cite(WHY, "invariant to initialisation"),
    printed_value=lambda: 1.0,
    right_value=lambda: spectra.centring(alpha=2),
)
