"""What the sources print wrongly about losses that do not see the length of the weights."""

from companion.references import cite
from theory import invariance, quadratic
from theory.erratum import Erratum

GROSSE = "grosse2021"

E21 = Erratum(
    name="E21",
    kind="counterexample",
    printed="in the update of the direction, alpha/|w| is labelled 'effective LR' and "
    "alpha/|w|^2 'effective gradient'",
    right="on the unit sphere the effective learning rate is alpha/|w|^2; alpha/|w| is the factor "
    "of the gradient at w itself, which is shorter by |w|. Only this gives the source's own "
    "schedule 1/sqrt(1 + k/k_0); the label as transcribed would give the fourth root",
    counterexample="eta = 1, |W| = 2, gradient of length 1 at unit weights: tangent of the angle "
    "by which a step turns the weights",
    claims=(invariance.effective_rate, invariance.step_on_sphere, invariance.hidden_schedule),
    reference=cite(GROSSE, "effective LR, effective gradient"),
    printed_value=lambda: invariance.effective_rate.twins["as transcribed: eta/|W|"](
        eta=1, norm=2, G=1
    )["rate"],
    right_value=lambda: invariance.effective_rate(eta=1, norm=2, G=1)["rate"],
    transcribed=True,
)

E22 = Erratum(
    name="E22",
    kind="misprint",
    printed="|w(k+1)|^2 = |w(k) + alpha grad J|^2",
    right="w(k) - alpha grad J: a step descends; the length is the same with either sign, as the "
    "gradient is orthogonal to the weights",
    counterexample="the update as the source's slide before has it",
    claims=(invariance.norm_after_step,),
    reference=cite(GROSSE, "apply the Pythagorean Theorem"),
    transcribed=True,
)

E25 = Erratum(
    name="E25",
    kind="scope",
    printed="an exponentially increasing learning rate counteracts the effect (as weight decay "
    "does)",
    right="exactly as weight decay does if the rate is eta a^(-2k-1) with a = 1 - eta decay; with "
    "momentum a is the larger root of a^2 - (1 + beta - eta decay) a + beta, real only for "
    "eta decay <= (1 - sqrt beta)^2, and the first buffer is -(1 - a) w/(eta a), not zero",
    counterexample="eta = 1/10, beta = 4/5, decay = 1/10: the root is 0.92701..., "
    "1 - eta decay/(1 - beta) is 0.95",
    claims=(invariance.exponential_schedule, invariance.exponential_schedule_with_momentum),
    reference=cite(GROSSE, "Exponentially increasing LR schedule (Li and Arora, 2020)"),
)

E36 = Erratum(
    name="E36",
    kind="scope",
    printed="K-FAC is invariant to affine transformations, and therefore immune to this effect",
    right="the undamped update is, of which the lecture speaks, with the pseudo-inverse, as the "
    "Fisher matrix takes the weights to zero. With fixed damping the effective rate along an "
    "eigenvector is eta/(lam + damping |W|^2), which falls as the weights grow",
    counterexample="eta = 1, lam = 1, damping = 1/10: the effective rate is 0.909 at |W| = 1 and "
    "0.0909 at |W| = 10",
    claims=(invariance.kfac_immunity, invariance.damped_kfac),
    reference=cite(GROSSE, "K-FAC is invariant to affine transformations"),
)

#: Four examples of two uncorrelated inputs of variance 1, and a unit that is to give the second.
X = ((1, 1, -1, -1), (1, -1, 1, -1))

E38 = Erratum(
    name="E38",
    kind="counterexample",
    printed="batch norm can also be seen as reparametrizing the error surface to make it smoother "
    "in every direction",
    right="behind batch norm the loss does not see the length of the weights: its curvatures at W "
    "are those at unit weights over |W|^2, so that short weights make them as large as one likes; "
    "and wherever the gradient is not zero some direction curves downwards, which the quadratic "
    "surface of the source does nowhere",
    counterexample="the examples (1, 1), (1, -1), (-1, 1), (-1, -1) of two inputs, the second "
    "input as the target, squared error, W = (1/2, 0): the curvature without batch norm, the same "
    "in every direction, and the size of the lowest one with it, which is negative",
    claims=(invariance.indefiniteness, invariance.hessian),
    reference=cite("whybatchnorm", "smoother in every direction"),
    printed_value=lambda: float(quadratic.hessian(X=X)[0][0]),
    # with batch norm the loss is 1 - u_2, u = W/|W|
    right_value=lambda: (
        -invariance.indefiniteness(u=(1, 0), norm=0.5, slope=(0, -1), bend=((0, 0), (0, 0)))[
            "upper"
        ]
    ),
)
