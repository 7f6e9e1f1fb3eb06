"""The passages of the paper that "Rethinking Batch Normalization" reports, in its order."""

PASSAGES = (
    "figure 1(a), (b)",
    "figures 1(c), 2",
    "figures 1(c), 2, 6, 8",
    "definition 2.1",
    "figure 3, left",
    "figure 3, VGG",
    "Fig. 3, Fig. 10: the deep linear network",
    "section 3.1",
    "figure 4",
    "figures 4, 11, 12",
    "beside figure 4: not in the source",
    "section 3.3",
    "figures 5, 6, 12",
    "theorem 4.1",
    "theorem 4.2",
    "theorem 4.4",
    "lemma 4.5",
    "appendix A, algorithm 1",
    "figure 11",
    "figures 12, 13",
)
