"""What the sources print wrongly about the hidden decay of the learning rate."""

from companion.references import cite
from theory import invariance
from theory.erratum import Erratum

GROSSE = "grosse2021"

E21 = Erratum(
    name="E21",
    kind="counterexample",
    printed="in the update of the direction, alpha/|w| is labelled 'effective LR' and "
    "alpha/|w|^2 'effective gradient'",
    right="on the unit sphere the effective learning rate is alpha/|w|^2; alpha/|w| is the factor "
    "of the gradient at w itself, which is shorter by |w|. Only this gives the source's own "
    "schedule 1/sqrt(1 + k/k_0); the printed label would give the fourth root",
    counterexample="eta = 1, |W| = 2, gradient of length 1 at unit weights: tangent of the angle "
    "by which a step turns the weights",
    claims=(invariance.effective_rate, invariance.step_on_sphere, invariance.hidden_schedule),
    reference=cite(GROSSE, "effective LR, effective gradient"),
    printed_value=lambda: invariance.effective_rate.twins["printed: eta/|W| as the effective rate"](
        eta=1, norm=2, G=1
    )["rate"],
    right_value=lambda: invariance.effective_rate(eta=1, norm=2, G=1)["rate"],
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
    kind="counterexample",
    printed="K-FAC is invariant to affine transformations, and therefore immune to this effect",
    right="the undamped update is, with the pseudo-inverse, as the Fisher matrix takes the weights "
    "to zero; with fixed damping the effective rate along an eigenvector is "
    "eta/(lam + damping |W|^2), which falls as the weights grow",
    counterexample="eta = 1, lam = 1, damping = 1/10, |W| = 10: effective rate",
    claims=(invariance.kfac_immunity, invariance.damped_kfac),
    reference=cite(GROSSE, "K-FAC is invariant to affine transformations"),
    printed_value=lambda: invariance.damped_kfac.twins["printed: immune"](
        eta=1, norm=10, lam=1, damping=0.1
    ),
    right_value=lambda: invariance.damped_kfac(eta=1, norm=10, lam=1, damping=0.1),
)
