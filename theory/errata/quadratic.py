"""What the sources print wrongly about descent on the quadratic loss."""

from companion.references import cite
from theory import quadratic, spectra
from theory.erratum import Erratum

WHY = "whybatchnorm"

#: The smallest matrix that tells most printed versions from the right ones: eigenvalues 1, 3.
R = ((2, 1), (1, 2))
#: Its eigenvectors as columns, as the source has them, and a displacement W - W*.
U = ((0.5**0.5, 0.5**0.5), (-(0.5**0.5), 0.5**0.5))
DISPLACEMENT = (1, 1)

E12 = Erratum(
    name="E12",
    kind="counterexample",
    printed="V = U(W - W*), with the eigenvectors of R as the columns of U and D = U'RU",
    right="V = U'(W - W*); the printed form is right where the eigenvectors are U's rows",
    counterexample="R = [[2,1],[1,2]], U = [[1,1],[-1,1]]/sqrt(2), W - W* = (1,1): "
    "excess loss V'DV/2",
    claims=(quadratic.rotation, quadratic.diagonal_energy),
    reference=cite(WHY, "V = U(W-W*)"),
    printed_value=lambda: quadratic.rotation.twins["printed: V = U(W - W*)"](
        R=R, U=U, d=DISPLACEMENT
    ),
    right_value=lambda: quadratic.rotation(R=R, U=U, d=DISPLACEMENT),
)

E14 = Erratum(
    name="E14",
    kind="counterexample",
    printed="based on the equations above eta must be chosen between 0 and 1/lambda_max",
    right="descent converges for 0 < eta < 2/lambda_max, as the source says earlier; up to "
    "1/lambda_max it also does not oscillate",
    counterexample="R = [[2,1],[1,2]]: the supremum of the rates that converge",
    claims=(quadratic.max_rate, quadratic.regimes),
    reference=cite(WHY, "eta must be chosen between (0,1/lambda_max)"),
    printed_value=lambda: quadratic.max_rate.twins["the range without oscillation, 1/lambda_max"](
        R=R
    ),
    right_value=lambda: quadratic.max_rate(R=R),
)

E15 = Erratum(
    name="E15",
    kind="counterexample",
    printed="the optimal step size is 1/lambda_max",
    right="it is 2/(lambda_max + lambda_min+), lambda_min+ the smallest positive eigenvalue: the "
    "distance shrinks by (kappa - 1)/(kappa + 1) per step instead of 1 - 1/kappa, about half as "
    "many steps",
    counterexample="R = [[2,1],[1,2]]: factor by which the distance shrinks per step",
    claims=(quadratic.optimal_rate, quadratic.slowest_mode),
    reference=cite(WHY, "The optimal step size eta=1/lambda_max"),
    printed_value=lambda: quadratic.optimal_rate.twins["printed: 1/lambda_max"](R=R)["contraction"],
    right_value=lambda: quadratic.optimal_rate(R=R)["contraction"],
)

E16 = Erratum(
    name="E16",
    kind="counterexample",
    printed="biased inputs produce large eigenvalues; individual learning rates inversely "
    "proportional to N, the number of inputs to a neuron, are another way to deal with this",
    right="one rate a neuron cannot change that neuron's condition number, and across neurons the "
    "condition number does not fall; centring the inputs does it",
    counterexample="two neurons of 20 and 500 inputs, m = v = 1: condition number without the "
    "remedy (it would have to fall below this) and with it",
    claims=(quadratic.rate_over_inputs, spectra.centring),
    reference=cite(WHY, "individual learning rates inversely proportional to N"),
    printed_value=lambda: quadratic.rate_over_inputs(N_small=20, N_large=500, m=1, v=1)["lower"],
    right_value=lambda: quadratic.rate_over_inputs.definition(N_small=20, N_large=500, m=1, v=1),
)

E17 = Erratum(
    name="E17",
    kind="counterexample",
    printed="the L1 energy of the Hessian's eigenvalues is sum_i lambda_i (w - w*)_i^2",
    right="that sum, in the eigenbasis, is twice the excess loss; the L1 energy is "
    "sum_i |lambda_i|, and half of it lies in the outlier where m^2 = v",
    counterexample="R = [[2,1],[1,2]], W - W* = (1,1)",
    claims=(spectra.energy_l1, quadratic.diagonal_energy),
    reference=cite(WHY, "L1 Energy"),
    printed_value=lambda: 2 * quadratic.rotation(R=R, U=U, d=DISPLACEMENT),
    right_value=lambda: float(R[0][0] + R[1][1]),
)

E29 = Erratum(
    name="E29",
    kind="counterexample",
    printed="as a formulation of exponential decay, a mode decays in the characteristic time "
    "t = 1/(eta lambda), for rates up to 2/lambda",
    right="so it does in leading order for small eta lambda; for all rates it is "
    "-1/ln|1 - eta lambda|: a little less than 1/(eta lambda) - 1/2 for eta lambda < 1, zero "
    "at 1, and growing without bound towards 2",
    counterexample="eta lambda = 1.9",
    claims=(quadratic.time_constant, quadratic.time_constant_bounds),
    reference=cite(WHY, "tj = 1/(eta*lambda_j)"),
    printed_value=lambda: quadratic.time_constant.twins["printed: 1/(eta lam)"](eta=1, lam=1.9),
    right_value=lambda: quadratic.time_constant(eta=1, lam=1.9),
)

E32 = Erratum(
    name="E32",
    kind="misprint",
    printed="W(1xN) with W.T*X; 'dirac_delta'; 0 < eta < 2/; lambda_max/lambda_max; the solutions "
    "of RW = Q are a subspace",
    right="W is N x 1; Kronecker's delta; 0 < eta < 2/lambda_j; lambda_1/lambda_K (of the cited "
    "paper); an affine set, R^+Q + ker R",
    counterexample="the context corrects each of them",
    claims=(quadratic.form, quadratic.solution_set, quadratic.max_rate),
    reference=cite(WHY, "W(1xN), dirac_delta, 2/, figure 6, solution space"),
)

E35 = Erratum(
    name="E35",
    kind="scope",
    printed="assuming that f'' is positive, the highest stable learning rate is 2/f''",
    right="it is a supremum that is not attained: at 2/f'' the iterate oscillates with constant "
    "amplitude; and the assumption is needed: with a negative eigenvalue descent is unstable at "
    "every rate",
    counterexample="f = x^2/2 at rate 2: x, -x, x, ...",
    claims=(quadratic.max_rate,),
    reference=cite("page2019", "gradient descent in one dimension"),
)
