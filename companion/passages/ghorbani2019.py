"""The passages of the paper that "Why BatchNorm works" reports, in its order."""

from companion.passages.judgement import holds, holds_in_part

PASSAGES = {
    "accuracy of the spectrum's estimate, by an exact one": holds(
        "For a perceptron of at most 1,440 weights on textures the two densities differ by "
        "0.030, less than one standard error of the estimate, 0.034 (`exact_spectrum`)."
    ),
    "figure 6": holds_in_part(
        "Without batch norm the ratio is at least 1.3, 3.6 and 2.2 times as large on 5,000 "
        "CIFAR-10 images for three seeds, and 0.7 to 2.6 times on textures (`eigenvalue_ratios`). "
        "At least 2.5 times for each seed would make the passage hold."
    ),
    "figure 7": holds_in_part(
        "Without batch norm ten eigenvalues hold 0.18 to 0.20 of the L1 energy on CIFAR-10 "
        "(`spectral_densities`, three seeds). With batch norm they hold 0.002 to 0.07 less, and a "
        "share lower by 0.01 for every seed would make the passage hold."
    ),
    "the small eigenvalues' share of the L1 energy": holds_in_part(
        "Without batch norm the small eigenvalues hold 0.73 to 0.80 of the energy on CIFAR-10 "
        "(`spectral_densities`, three seeds), and with it 0.85 to 0.88. A share near 0.5 without "
        "batch norm would make the passage hold."
    ),
    "the spectrum of the gradients' covariance": holds_in_part(
        "On CIFAR-10 the covariance's leading space overlaps the Hessian's over 600 times as "
        "much as chance (`gradient_and_outliers`). Nearly all of the trace in the Hessian's "
        "space would make the passage hold."
    ),
    "figure 11": holds_in_part(
        "On CIFAR-10 the leading space holds 0.46 to 0.52 of a batch's gradient with batch norm "
        "and 0.67 to 0.73 without it (`gradient_and_outliers`, three seeds). Hardly any with batch "
        "norm would make the passage hold."
    ),
    "figure 12": holds_in_part(
        "On CIFAR-10 the cosine is at most 0.16 for three seeds, with batch norm and without "
        "(`way_to_the_optimum`). Batch norm changes it by -0.04 to 0.02, and a clearly larger "
        "one with batch norm would make the passage hold."
    ),
    "batch norm with population statistics": holds_in_part(
        "On CIFAR-10 training is slower for each of three seeds, and lambda_1/lambda_10 is 0.7 "
        "to 1.7 times batch norm's (`population_statistics`). Above 1 for each seed would make "
        "the passage hold."
    ),
}
