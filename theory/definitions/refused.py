"""Definitions that have no value, each with its reason."""

#: By the claim's name.
REFUSED: dict[str, str] = {
    "spectra.threshold": "a threshold of a limit shows at no finite size",
    "spectra.bulk_heavy_ball": "the best rate and momentum of large random matrices take minutes",
    "invariance.equilibrium_with_momentum": (
        "the stationary law of the weights is known by its balance alone, and is not drawn"
    ),
    "stability.flat_directions": "the dimension of a kernel is stated of any loss",
    "stability.edge_of_stability": "a median over trained nets is measured, not computed",
    "stability.edge_with_momentum": "a median over trained nets is measured, not computed",
}
