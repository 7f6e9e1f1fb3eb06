"""The passages of "Rethinking Batch Normalization" in its order."""

PASSAGES = (
    "a network with just one layer",
    "their definition of ICS",
    "yet another meta Gaussian",
    "the two plots of a ball on a slope",
    "the red ball could end up getting stuck",
    "it might move over to another valley entirely",
    "changing the loss landscape from this bumpy shape",
    "a function is L-Lipschitz",
    "a prediction of how much we expect the function to fall",
    "gradient predictiveness",
    "the gradient landscape itself became more smooth",
    "other transformation schemes",
)
