"""What the sources print wrongly about the smoothness of the loss."""

from companion.references import cite
from theory import normalisation, smoothness
from theory.erratum import Erratum

OXFORD = "oxford2021"
#: The smallest batch that batch norm leaves a gradient: three examples, yhat along (1, -1, 0).
Y, ACROSS, LAST = (1, -1, 0), (1, 1, -2), (0, 0, 1)
#: Its outputs may be shrunk while the inputs keep the norm 1: the first input times W = (1, 0).
WEIGHTS = (1, 0)


def shrunk(share: float) -> dict:
    """Inputs of norm 1, with outputs ``share`` times (1, -1, 0)."""
    length = 6**0.5
    return {"X": [[share * each for each in Y], [each / length for each in ACROSS]], "W": WEIGHTS}


def squared_gradient(share: float) -> float:
    """|grad_W|^2 for the inputs ``shrunk(share)`` and g = (1, 1, -2)."""
    slope = smoothness.weight_gradient(**shrunk(share), g=ACROSS, gamma=1, eps=0)
    return float(slope @ slope)


E1 = Erratum(
    name="E1",
    kind="counterexample",
    printed="|grad_y L|^2 <= (gamma/sigma)^2 (|g|^2 - <1,g>^2/m - <g,yhat>^2/sqrt(m))",
    right="1/m before both products, and then an equality; with 1/sqrt(m) it fails wherever "
    "<g,yhat> is not zero",
    counterexample="two examples, y = g = (1, 0), gamma = 1: the bound, and the squared gradient",
    claims=(smoothness.gradient_norm, smoothness.gradient_norm_bounds),
    reference=cite(OXFORD, "eq. (1)"),
    printed_value=lambda: smoothness.gradient_norm.twins["printed: 1/sqrt(B) before <g,yhat>^2"](
        y=(1, 0), g=(1, 0), gamma=1
    ),
    right_value=lambda: smoothness.gradient_norm(y=(1, 0), g=(1, 0), gamma=1),
    also=(cite("santurkar2018", "theorem 4.1"),),
)

E2 = Erratum(
    name="E2",
    kind="counterexample",
    printed="with g the gradient of the loss without batch norm, and as sigma tends to be large, "
    "(1) gives a better Lipschitz constant than without batch norm",
    right="whatever sigma is, g is the gradient at z = BN(y), a point at which the net without "
    "batch norm is not; against its gradient at y no inequality holds",
    counterexample="L = (u_2 - y_2)^2/2 at y = (2, -1, -1): squared gradients at y and before "
    "batch norm, where z_2 = -1/sqrt(2)",
    claims=(smoothness.gradient, smoothness.gradient_norm),
    reference=cite(OXFORD, "better Lipschitz constant"),
    printed_value=lambda: 0.0,
    right_value=lambda: smoothness.gradient_norm(y=(2, -1, -1), g=(0, 1 - 0.5**0.5, 0), gamma=1),
)

E3 = Erratum(
    name="E3",
    kind="counterexample",
    printed="the maximum of |grad_W L|^2 over ||X|| <= lambda is lambda^2 |grad_y L|^2",
    right="only with y, and with it sigma and yhat, held fixed, X'W = y, at least two inputs and "
    "|y| <= lambda |W|; otherwise the gradient does not change with a factor of X, and grows "
    "without bound as y shrinks",
    counterexample="three examples, X = [[s,-s,0], [1,1,-2]/sqrt(6)] of norm 1, W = (1, 0), "
    "g = (1,1,-2), gamma = 1: the maximum with y as at s = 1/2, and the value at s = 1/100",
    claims=(smoothness.largest_weight_gradient, smoothness.largest_plain_gradient),
    reference=cite(OXFORD, "eqs. (6), (7), (8)"),
    printed_value=lambda: smoothness.largest_weight_gradient(
        y=[each / 2 for each in Y], g=ACROSS, gamma=1, radius=1
    ),
    right_value=lambda: squared_gradient(1 / 100),
)

E4 = Erratum(
    name="E4",
    kind="scope",
    printed="equality is established if XX^T = lambda^2 I (m x m, one example a row)",
    right="so it is, but with more examples than inputs XX^T is singular and no X is like that; "
    "equality holds exactly where the gradient lies along the largest singular value, rank one "
    "suffices",
    counterexample="one input, two examples, X = (1, 0)^T, gradient (0, 1): |X^Tg|^2 is 0, and "
    "lambda^2 |g|^2 is 1",
    claims=(smoothness.weight_gradient_bounds,),
    reference=cite(OXFORD, "eqs. (4), (5)"),
)

E5 = Erratum(
    name="E5",
    kind="counterexample",
    printed="the maximum over ||X|| <= lambda of the curvature along the gradient in the weights "
    "is lambda^4 d'Kd, where XX^T = lambda^2 I",
    right="X'Xd may be any point of the ball |v|^2 <= lambda^2 <v,d>, and the maximum of v'Kv over "
    "it is larger unless Kd is parallel to d, also for positive semidefinite K; with batch norm "
    "it always is where d is not zero",
    counterexample="K = e_1 e_1', d = e_2, lambda = 1",
    claims=(
        smoothness.largest_convex_curvature,
        smoothness.ball_of_gradients,
        smoothness.slope_at_isotropic_inputs,
    ),
    reference=cite(OXFORD, "eq. (14)"),
    printed_value=lambda: smoothness.largest_convex_curvature.twins["printed: radius^4 d'Kd"](
        u=(1, 0), g=(0, 1), radius=1
    ),
    right_value=lambda: smoothness.largest_convex_curvature(u=(1, 0), g=(0, 1), radius=1),
)

E6 = Erratum(
    name="E6",
    kind="counterexample",
    printed="under mild assumptions, that <g,yhat> and the quadratic forms of the Hessian are not "
    "negative and that it preserves relative norms, the bound on the curvature generalises to the "
    "space of weights",
    right="a linear loss has H = 0 and may have <g,yhat> = 0, so that the bound is zero; the "
    "curvature along the gradient in the weights reaches (3 sqrt(3)/8) lambda^4 |d|^3/(sigma "
    "sqrt(m))",
    counterexample="three examples, y = (1,-1,0), g = (0,0,1), gamma = lambda = 1, which meet the "
    "assumptions: the bound, and the supremum",
    claims=(smoothness.largest_linear_curvature,),
    reference=cite(OXFORD, "eq. (16)"),
    printed_value=lambda: float(
        smoothness.largest_linear_curvature.twins["printed: radius^4 d'Kd, which is zero"](
            y=Y, g=LAST, gamma=1, radius=1
        )
    ),
    right_value=lambda: smoothness.largest_linear_curvature(y=Y, g=LAST, gamma=1, radius=1),
)

#: A Hessian that preserves all norms, and a deviation smaller than gamma.
ISOTROPIC = {"y": Y, "g": ACROSS, "H": ((1, 0, 0), (0, 1, 0), (0, 0, 1)), "gamma": 1}
#: The smallest example with gamma <= sigma and a semidefinite H, found by search: H = hh'.
SEMIDEFINITE = {
    "y": (2, 0, -1),
    "g": (1, 0, 0),
    "H": ((0, 0, 0), (0, 1, 0), (0, 0, 0)),
    "gamma": 1,
}

E7 = Erratum(
    name="E7",
    kind="counterexample",
    printed="if H preserves the relative norms of the gradients with batch norm and without, the "
    "latter may stand in the first term of the bound on the curvature",
    right="also where H = cI, c > 0, preserves all norms, only with gamma <= sigma, or else d may "
    "be longer than g; and it is not enough that H is positive semidefinite: "
    "y = (2,0,-1), g = (1,0,0), H = e_2 e_2', gamma = 1",
    counterexample="three examples, y = (1,-1,0), g = (1,1,-2), H = I, gamma = 1, sigma = 0.816: "
    "the bound, and the curvature",
    claims=(smoothness.curvature_along_gradient, smoothness.isotropic_curvature_bound),
    reference=cite(OXFORD, "eq. (11)"),
    printed_value=lambda: smoothness.curvature_along_gradient.twins[
        "printed: with the plain gradient in the first term"
    ](**ISOTROPIC),
    right_value=lambda: smoothness.curvature_along_gradient(**ISOTROPIC),
)

E8 = Erratum(
    name="E8",
    kind="scope",
    printed="d'Kd <= (gamma/sigma)^2 d'Hd - gamma/(m sigma^2) <g,yhat> |d|^2, with the second "
    "derivative written as a first",
    right="an equality, with g and H taken at z = BN(y); the numerators of (10) to (12) lack the "
    "square of the second derivative",
    counterexample="none: nothing lies below",
    claims=(smoothness.curvature_along_gradient, smoothness.hessian),
    reference=cite(OXFORD, "eqs. (10) to (12)"),
)

E9 = Erratum(
    name="E9",
    kind="counterexample",
    printed="a fairly mild assumption: <g,yhat> is positive if minus the gradient points towards "
    "the minimum of the loss",
    right="not so where the minimum lies further out along yhat; it holds for convex "
    "quadratic losses that are least with all outputs equal to batch norm's own shift, for gamma "
    "> 0",
    counterexample="two examples, y = (1,-1), L = |z - (3,-3)|^2/2, gamma = 1, no shift: the "
    "size of the product, and the product",
    claims=(smoothness.alignment_with_outputs, smoothness.alignment_of_convex_loss),
    reference=cite(OXFORD, "is positive if negative gradient points towards the minimum"),
    printed_value=lambda: smoothness.alignment_with_outputs.twins["printed: never negative"](
        y=(1, -1), Y=(3, -3), gamma=1, shift=0
    )["with the outputs"],
    right_value=lambda: smoothness.alignment_with_outputs(
        y=(1, -1), Y=(3, -3), gamma=1, shift=0
    )["with the outputs"],
)  # fmt: skip

E31 = Erratum(
    name="E31",
    kind="scope",
    printed="<1,g>^2 grows quadratically in the dimension of g, and thus it is significant",
    right="the square does, where the mean of g is not zero, but it enters over m: <1,g>^2/m, m "
    "times the squared mean, of the order of |g|^2 itself; it is exactly what the mean of g "
    "contributes to |g|^2",
    counterexample="g = (1,1,1,1), |g|^2 = 4: the square is 16, and 4 is taken out",
    claims=(smoothness.energy_of_the_mean,),
    reference=cite(OXFORD, "it grows quadratically in the dimension"),
)

E33 = Erratum(
    name="E33",
    kind="misprint",
    printed="'whitened' outputs; u for mu; 'more concave'; no eq. (15); W_ij with y = Wx",
    right="standardised; mu; more convex; equations run from (14) to (16); y_j = sum_i W_ij x_i",
    counterexample="the context corrects each of them; two equal units stay equal in batch norm, "
    "with correlation 1, so that nothing is whitened",
    claims=(normalisation.standardisation, smoothness.gradient, smoothness.weight_gradient),
    reference=cite(OXFORD, "sections 1.1, 2.1 and 3"),
)

E37 = Erratum(
    name="E37",
    kind="counterexample",
    printed="worst case gradients: gamma^2/sigma^2 (g^2 - m mu_g^2 - lambda^2 <g,yhat>^2)",
    right="lambda^2 stands before the whole bracket and 1/m before the last product; as printed "
    "the two sides scale differently with the inputs",
    counterexample="three examples, y = (1,-1,0), g = (1,0,0), gamma = 1, lambda = 2",
    claims=(smoothness.largest_weight_gradient,),
    reference=cite("santurkar2018", "theorem 4.4"),
    printed_value=lambda: smoothness.largest_weight_gradient.twins[
        "as transcribed: radius^2 inside the bracket"
    ](y=Y, g=(1, 0, 0), gamma=1, radius=2),
    right_value=lambda: smoothness.largest_weight_gradient(y=Y, g=(1, 0, 0), gamma=1, radius=2),
    transcribed=True,
)
