"""What the sources print wrongly about batch norm as an operation."""

from companion.references import cite
from theory import normalisation
from theory.erratum import Erratum

E23 = Erratum(
    name="E23",
    kind="scope",
    printed="the BN operation, (X - mean)/deviation, is invariant to rescaling the incoming "
    "weights of a unit by a scalar gamma > 0",
    right="so it is as it stands, with eps = 0. Programs add eps to the variance: a factor gamma "
    "acts as eps/gamma^2 in the place of eps, and a negative one turns the outputs round",
    counterexample="a unit with outputs 1, -1, eps = 1e-5, its weights times 1/1000: the first "
    "output is 0.3015, and 1 before but for eps",
    claims=(normalisation.weight_rescaling, normalisation.affine_invariance),
    reference=cite("grosse2021", "The BN operation is invariant to rescaling"),
)

E24 = Erratum(
    name="E24",
    kind="scope",
    printed="batch norm after a layer is invariant to rescaling and shifting the activations that "
    "are the layer's inputs",
    right="to any shift, and to one common positive factor; a factor for each input acts as a "
    "factor for each weight",
    counterexample="four examples (1, 0), (-1, 0), (0, 1), (0, -1) of two inputs, weights (1, 1), "
    "the second input times 7: the normalised outputs before and after have the correlation 0.8",
    claims=(normalisation.input_invariance, normalisation.feature_rescaling),
    reference=cite(
        "grosse2021", "This function is invariant to rescaling and shifting the activations"
    ),
)

E34 = Erratum(
    name="E34",
    kind="unverified",
    printed="the noise added after batch norm is Gaussian, with mean and variance drawn from a "
    "further Gaussian at every step and layer",
    right="in santurkar2018, appendix A, algorithm 1, mean and scale are drawn a step and unit "
    "from uniform laws, and within a step the shifts of single examples are uniform, their factors "
    "Gaussian; whether the spread given for the factors is a deviation or a variance is left open",
    counterexample="the paper's text; one mean and scale for the whole batch of a unit would be "
    "taken off by a batch norm that follows directly",
    claims=(normalisation.affine_invariance,),
    reference=cite("rethinking", "yet another meta Gaussian"),
)
