"""The passages of the post on rates, the Hessian and its eigenvectors, in its order."""

from companion.passages.judgement import does_not_hold, holds, holds_in_part

PASSAGES = {
    # Rates and the Hessian
    "gradient descent in one dimension": holds_in_part(
        "The rate 2/l'' is a supremum that is not attained: on x^2/2 at rate 2 the iterates are x, "
        "-x, x (E35). Shrinking iterates at 2/l'' itself would hold."
    ),
    "highest stable rate": holds_in_part(
        "On a quadratic 2/lambda_max is a supremum that is not attained (`quadratic.max_rate`, "
        "E35). On textures nets get lost at 1 to 8 times this rate (`stability_ledger`), and 1 "
        "would hold."
    ),
    "highest stable learning rate": holds_in_part(
        "At 2/l'' the third and fourth derivatives decide whether descent converges or is expelled "
        "(`stability.two_steps_at_the_largest_rate`). Convergence in each case would hold."
    ),
    "the highest stable learning rate": holds_in_part(
        "In small nets the largest curvature settles within 2 % of 2/eta "
        "(`stability.edge_of_stability`, observed). With batch norm it stays about a fifth above "
        "(`full_batch_edge`), and at most 2/eta would hold."
    ),
    "parabola with learning rate 2.2": holds(
        "On x^2/2 at rate 2.2 the sign changes at each step and the displacement grows "
        "(`quadratic.regimes`)."
    ),
    "beyond which gradients and losses grow exponentially with time": holds_in_part(
        "On a quadratic they do (`quadratic.regimes`). On (ab - 1)^2/2 descent can end at a "
        "curvature of at most 2/eta instead (`stability.sharpness_found`), and growth without end "
        "would hold."
    ),
    "l' <- (I - eta H) l'": holds(
        "`stability.growth_per_step` derives the same factor close to a stationary point."
    ),
    "the highest stable learning rate is determined by the largest eigenvalue": holds(
        "`stability.growth_per_step` derives a factor below 1 exactly for eta < 2/lambda_max, "
        "where all eigenvalues are positive."
    ),
    "Adding momentum brings a little extra stability": holds_in_part(
        "At beta = 0.9 the heavy ball raises 2/lambda_max to 3.8/lambda_max. Nesterov's rule, "
        "which the post uses, lowers it to 1.36/lambda_max (`quadratic.max_rate_nesterov`), and "
        "more than 2/lambda_max would hold."
    ),
    "momentum": holds(
        "The limits of `quadratic.max_rate_heavy_ball`, `quadratic.max_rate_nesterov` and "
        "`quadratic.max_rate_ema` are constants over lambda_max."
    ),
    "a vector proportional to the maximal eigenvector": holds_in_part(
        "The vector belongs to the eigenvalue of largest absolute value, -3 for the eigenvalues "
        "-3, 2, 1 (E28). The vector of 2 would hold."
    ),
    "Power method": holds_in_part(
        "`stability.power_method` derives that the eigenvalue of largest absolute value comes "
        "first, so that -3 comes before 2 (E28). The order 2, 1, -3 would hold."
    ),
    "the slightly more sophisticated Lanczos algorithm": holds(
        "`stability.ritz_values` derives that Lanczos reaches both ends of the spectrum, from "
        "cited theorems."
    ),
    "Pearlmutter trick": holds(
        "`stability.hessian_product` derives that the product is a derivative of the gradient."
    ),
    # On 50,000 images: leading_eigenvalues --laptop --set train=50000 --set batch=512
    # --set peak_active=5 --set peak_none=0.2
    "leading eigenvalues of the Hessian": holds(
        "At width 1/4, on 50,000 CIFAR-10 images, with its batch and rates it is 0.50 and 0.39 "
        "with batch norm active, 8.1 and 6.8 frozen, 13.4 and 11.7 without (`leading_eigenvalues`, "
        "two seeds; the post: 0.50, 8.8, 13.6). On 10,000 images none has 38 to 90 times as much "
        "as active."
    ),
    "9 or 10 outlying eigenvalues": holds(
        "At width 1/4 on 10,000 CIFAR-10 images the ninth eigenvalue is 1.3 to 2.7 times the tenth "
        "for six seeds (`leading_eigenvalues`)."
    ),
    "number of outliers to be roughly the number of classes": holds(
        "On 10,000 CIFAR-10 images of ten classes the means' share of an eigenvector falls most "
        "after the ninth, for each of six seeds (`overlaps`, width 1/4). On textures no gap "
        "follows the ninth eigenvalue (1.05)."
    ),
    # Its leading eigenvectors
    "perturbing the network parameters by the leading eigenvectors": holds_in_part(
        "With batch norm frozen means have 0.61 to 0.89 of the squared change along v1 to v9 and "
        "0.36 to 0.49 along v10, on CIFAR-10 images (`eigenvector_steps`, width 1/4, three seeds). "
        "Without batch norm v10 stands out for one seed only, and for each would hold."
    ),
    "a random vector of the same dimension": holds(
        "The mean overlap of 4 million entries with 10 dimensions is 2.5e-6 "
        "(`stability.random_overlap`)."
    ),
    "a norm squared component of less than 10^-5": holds(
        "More than 10^-5 has the probability 1.7e-5 at 4 million entries "
        "(`stability.overlap_tail`)."
    ),
    "the softmax function, invariant under such an overall shift": holds(
        "`stability.output_hessian` derives that the loss is flat along an equal shift of all "
        "outputs."
    ),
    "such an overall shift": holds(
        "`kronecker.softmax_regression` derives the multiplicity M - 1 of the large eigenvalue, 9 "
        "for ten classes."
    ),
    "The loss has an exactly flat direction": holds(
        "Where one vector is added to the weights of every output, |Hd| is below 1e-5 of its size "
        "in a random direction (`gauss_newton`). `stability.flat_directions` has the steps."
    ),
    "exactly flat direction in the direction of the overall shift": does_not_hold(
        "Along the gradient of z_1 + z_2 the curvature is 0.197 in the example of E27, and 0 would "
        "hold."
    ),
    "norm squared overlaps between the eigenvectors and our subspace": holds(
        "At width 1/4 on 10,000 CIFAR-10 images the means hold 0.77 to 0.95 of each of v1 to v9 "
        "and 0.01 to 0.12 of v10, for six seeds (`overlaps`). On textures they hold 0.23 to 0.41."
    ),
    "gradients of the means, variances and skews of the output channels": holds_in_part(
        "On 10,000 CIFAR-10 images the span holds 0.98 to 0.99 of v1 to v8 with batch norm frozen "
        "and 0.86 to 0.96 without it (`overlaps`, width 1/4, six seeds). With it active it holds "
        "0.37 to 0.50, and 0.71 as in the post would hold."
    ),
    "restricted to the subspace orthogonal to the 29 dimensional subspace": holds(
        "On 10,000 CIFAR-10 images (width 1/4, three seeds) 0.09 to 0.16 of the top eigenvalue is "
        "left off the span with batch norm frozen and 0.16 to 0.41 without it. That is 2.1 to 2.7 "
        "and 18 to 21 times as much as with it active (`projected_eigenvalues`)."
    ),
    "generalised Gauss-Newton approximation to the Hessian": holds(
        "The mean of v'Gv/v'Hv over v1 to v8 is 0.76 to 0.86 with batch norm active, 0.96 to 0.99 "
        "with it frozen and 0.86 to 0.93 without, on 10,000 CIFAR-10 images (`gauss_newton`, width "
        "1/4, three seeds)."
    ),
}
