"""What the sources print wrongly about preconditioning."""

from companion.references import cite
from theory import preconditioning
from theory.erratum import Erratum

#: Four uncorrelated inputs, each with a mean.
MEANS = (1, 1, 1, 1)

E20 = Erratum(
    name="E20",
    kind="counterexample",
    printed="[RR']^-1 is almost diagonal, with a 1 in its lower right corner; preconditioners of "
    "this form are called quasi-diagonal",
    right="the preconditioner RR' is the quasi-diagonal one, and only where Sigma is diagonal; "
    "[RR']^-1 holds the whole mu mu', and the corner is the identity of the outputs",
    counterexample="four uncorrelated inputs of mean 1: numbers that are not zero in [RR']^-1, for "
    "one unit",
    claims=(preconditioning.quasi_diagonal, preconditioning.blocks_of_inverse),
    reference=cite("grosse2021", "'almost' diagonal"),
    printed_value=lambda: preconditioning.quasi_diagonal.twins[
        "printed: [RR']^-1 is the almost diagonal one"
    ](mu=MEANS)["inverse"],
    right_value=lambda: preconditioning.quasi_diagonal(mu=MEANS)["inverse"],
)
