"""The hidden decay of the learning rate under batch norm.

A unit's weights W before batch norm may be rescaled without changing the loss, J(W) = f(W/|W|).
The gradient is then orthogonal to W, every step makes W longer, and a longer W turns less: at the
learning rate eta the direction moves at the effective rate eta/|W|^2. Weight decay, schedules and
preconditioners are judged by what they do to it.
"""

# Gradient and Hessian of a loss that does not see the length of the weights
from theory.invariance.homogeneity import homogeneity, gradient
from theory.invariance.curvature import hessian, radial_curvature, indefiniteness

# One step, seen on the unit sphere
from theory.invariance.sphere import step_on_sphere, effective_rate, first_order_error
from theory.invariance.rates import unit_norm, auto_tuning

# Many steps: the weights grow, the effective rate falls
from theory.invariance.energy import (
    norm_after_step,
    energy_identity,
    energy_identity_with_momentum,
)
from theory.invariance.growth import norm_growth, hidden_schedule
from theory.invariance.growth_limits import gradient_flow, norm_growth_correction, forgetting

# Weight decay holds against it
from theory.invariance.weight_decay import equilibrium, equilibrium_angle, relaxation
from theory.invariance.decay_with_momentum import equilibrium_with_momentum

# What does the same without decay
from theory.invariance.schedules import (
    exponential_schedule,
    exponential_schedule_with_momentum,
)

# Other updates
from theory.invariance.other_updates import sign_growth, kfac_immunity, damped_kfac
