"""What the sources print wrongly about the Hessian of a net."""

from companion.references import cite
from theory import stability
from theory.erratum import Erratum

E27 = Erratum(
    name="E27",
    kind="counterexample",
    printed="the overall shift of the outputs makes the loss exactly flat in one direction, so "
    "that 9 of the 10 gradients of the channels' means matter",
    right="the shift is flat in the outputs; in the parameters the flat directions are n + 1, one "
    "vector added to the last layer's weights of every output or one number to all biases, and "
    "the sum of the gradients of the means is none of them: it also moves the layers below",
    counterexample="outputs z = W h, W = (1, 0)', h = 1: curvature of the loss along the gradient "
    "of z_1 + z_2",
    claims=(
        stability.common_shift_curvature,
        stability.flat_directions,
        stability.output_hessian,
    ),
    reference=cite("page2019", "exactly flat direction in the direction of the overall shift"),
    printed_value=lambda: stability.common_shift_curvature.twins["printed: exactly flat"](
        W_out=[[1], [0]], hidden=[1]
    ),
    right_value=lambda: stability.common_shift_curvature(W_out=[[1], [0]], hidden=[1]),
)

E28 = Erratum(
    name="E28",
    kind="scope",
    printed="repeated application of the Hessian will eventually produce a vector proportional to "
    "the maximal eigenvector, when initialised on a random vector",
    right="so it does where all eigenvalues are positive, which the section before assumes; in "
    "general it gives the one of largest absolute eigenvalue, which may be negative",
    counterexample="the diagonal matrix of -3, 2, 1: it gives -3",
    claims=(stability.power_method,),
    reference=cite("page2019", "a vector proportional to the maximal eigenvector"),
)
