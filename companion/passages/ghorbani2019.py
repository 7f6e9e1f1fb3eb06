"""The passages of the paper that "Why BatchNorm works" reports, in its order."""

PASSAGES = (
    "accuracy of the spectrum's estimate, by an exact one",
    "figure 6",
    "figure 7",
    "the small eigenvalues' share of the L1 energy",
    "the spectrum of the gradients' covariance",
    "figure 11",
    "figure 12",
    "batch norm with population statistics",
)
