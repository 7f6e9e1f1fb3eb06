"""The passages of lecture 5 of "Neural Net Training Dynamics" in its order."""

from companion.passages.judgement import does_not_hold, holds, holds_in_part

PASSAGES = {
    # Internal covariate shift
    "Stochastic regularization effect caused by noisy estimates": holds(
        "On CIFAR-10 the noise of groups of 32 raises the training loss by 0.09 to 0.10 and lowers "
        "the test loss by 0.05 to 0.07, for three seeds (`small_batches`). The accuracy rises by "
        "at most 0.02."
    ),
    "use tanh instead of logistic activations": holds(
        "Without batch norm the logistic net ends at 1.80 to 1.86 and the tanh net at 1.37 to 1.42 "
        "on 5,000 CIFAR-10 images, at the best rates (`variants`, three seeds)."
    ),
    "K-FAC approximation": holds(
        "The claim `kronecker.error` derives the error of this approximation, which is 0 in a "
        "deep linear net (`kronecker.deep_linear`)."
    ),
    "the eigenvalues of A (x) B are the products": holds(
        "The claim `kronecker.product_eigenvalues` derives the same from a textbook theorem."
    ),
    "ICS Conditioning Hypothesis": holds_in_part(
        "A logistic layer on CIFAR-10 has one outlier less than classes, along the mean "
        "(`conditioning_hypothesis`). The net of one output in E18 has 2 large eigenvalues, and "
        "1 would make the passage hold."
    ),
    "ICS Conditioning Hypothesis, nu = |m|^2 + 1": holds_in_part(
        "The passage holds for covariance I and no bias. With a bias and the mean (3, 4) the "
        "largest eigenvalue is 26.96, and 26 would make the passage hold (E19)."
    ),
    "as many as M large eigenvalues": holds_in_part(
        "A logistic layer on CIFAR-10 has 9 outliers for 10 classes (`conditioning_hypothesis`). "
        "The net of one output in E18 has 2 large eigenvalues, and 1 would make the passage hold."
    ),
    "nu = |m|^2 + 1": holds_in_part(
        "On textures nu misses an outlier of a logistic layer by over 3 per cent, and the "
        "layer's own second moment along m does not (`conditioning_hypothesis`). At most 3 per "
        "cent would hold."
    ),
    "corresponding eigenvectors are of the form m (x) v": holds_in_part(
        "The form is exact only where m is an eigenvector of Sigma (`kronecker.mean_direction`). "
        "On CIFAR-10 the alignment is 0.999 at least (`conditioning_hypothesis`), and 1 would be "
        "exact."
    ),
    # Internal covariate shift and invariance
    "W~ = W Sigma^(1/2), b~ = b + Wm": holds(
        "The claim `preconditioning.standardising` derives the same formulas."
    ),
    "Sigma^(1/2)": holds(
        "The claim `preconditioning.any_factor` derives that this factor of Sigma, like any "
        "other, gives the same steps."
    ),
    "Updates in this coordinate system are immune to ICS": holds(
        "The claim `preconditioning.standardised_hessian` derives the condition number 1 for "
        "squared loss, at the present mean and covariance."
    ),
    "pre-multiplying by RR'": holds(
        "The claim `preconditioning.blocks_of_preconditioner` derives RR' block by block."
    ),
    "Equivalent to pre-multiplying by RR'": holds(
        "The claim `preconditioning.step` derives the same."
    ),
    "R^-1": holds_in_part(
        "The claim `preconditioning.coordinates` derives the same for one output. For more, the "
        "identity in place of the 1 at the lower right would hold."
    ),
    "[RR']^-1": holds_in_part(
        "The claim `preconditioning.blocks_of_inverse` derives the same for one output. For "
        "more, the identity in place of the 1 at the lower right would hold (E20)."
    ),
    "[RR']^-1 is supposed to approximate H": holds(
        "The claim `preconditioning.layer_hessian` derives that this matrix is the layer's "
        "Hessian exactly, for squared loss."
    ),
    "'almost' diagonal": does_not_hold(
        "For four uncorrelated inputs of mean 1 the printed [RR']^-1 has 25 numbers per unit "
        "that are not zero (E20). The 13 of RR' would make the passage hold."
    ),
    "quasi-diagonal": holds_in_part(
        "RR' has this form only for uncorrelated inputs (`preconditioning.quasi_diagonal`), and "
        "variances leave correlations (`preconditioning.variances_only`). Correlations of 0 "
        "would make the passage hold."
    ),
    "If the parameters are chosen such that these two networks compute the": holds(
        "K-FAC and the quasi-diagonal preconditioner meet the demand to 1e-8 (`invariant_steps`)."
    ),
    "the same should be true after running the algorithm": holds(
        "The steps of K-FAC meet the demand (`preconditioning.layer_invariance`), and the steps "
        "of plain descent do not (`preconditioning.plain_descent`)."
    ),
    "invariant to affine transformations of individual units": holds(
        "The claim `preconditioning.unit_invariance` derives the same, and nets of tanh and "
        "logistic units agree to 1e-8 after a step (`invariant_steps`)."
    ),
    "K-FAC is invariant to affine transformations of the layer as a whole": holds(
        "The claim `preconditioning.layer_invariance` derives the same for K-FAC without damping."
    ),
    # Batch normalization
    "normalizes every unit": holds_in_part(
        "A correlation of 0.9 stays (`preconditioning.variances_only`) and keeps the condition "
        "number at 19 or more (`preconditioning.correlation_bounds`). A condition number of 1 "
        "would make the passage hold."
    ),
    "BN(X)": holds("The claim `normalisation.standardisation` derives mean 0 and mean square 1."),
    "Test time": holds(
        "With averages held constant, a layer and its batch norm are one affine layer "
        "(`normalisation.frozen_folding`)."
    ),
    "we differentiate through it": holds(
        "The claim `normalisation.jacobian` derives the derivatives of all outputs in all inputs."
    ),
    "The computation graph contains a direct path and a statistics path": holds(
        "The claim `normalisation.paths` derives the gradient as a sum over the direct path and "
        "the paths through mean and variance."
    ),
    "the statistics are estimated from the current batch, which injects noise": holds(
        "The claim `normalisation.deviation_moments` derives the noise for a Gaussian batch: the "
        "variance is 1 - 1/B on average."
    ),
    "BN also changes the effective initialization": holds(
        "With batch norm the initial scale only sets the effective rate: at equal effective "
        "rates the paths from two scales agree to 1e-8 (`initial_scale`, textures)."
    ),
    "Preventing dead or saturated units": holds_in_part(
        "With batch norm no ReLU is dead at any rate (`dead_units`). Fewer saturated units with "
        "batch norm, which have no band, would make the passage hold."
    ),
    # A wrinkle
    "A Wrinkle": does_not_hold(
        "On 5,000 CIFAR-10 images nets of three hidden layers end at 1.12 to 1.14 with batch norm "
        "before the activation and at 1.13 to 1.18 after it, at the best rates (`variants`, three "
        "seeds). At rate 0.03 after is ahead by 0.15, and before ahead by over two seeds' spread, "
        "0.1, would hold."
    ),
    "Two pieces of evidence against the ICS Removal Hypothesis": holds_in_part(
        "With the cited noise VGG ends 0.10 to 0.13 of accuracy lower on CIFAR-10 "
        "(`distributional_stability`). In three hidden layers redrawn noise ends 1.0 above the "
        "loss without batch norm for one seed, and two seeds learn nothing (`knockout`). No loss "
        "from noise would hold."
    ),
    "This function is invariant to rescaling and shifting the activations": holds_in_part(
        "A shift and a common factor change nothing. A factor of 7 on one of two inputs leaves a "
        "correlation of 0.8, and 1 would make the passage hold (E24)."
    ),
    "Good class project to test this": holds_in_part(
        "Active batch norm removes the outliers, and constant statistics bring them back "
        "(`conditioning_hypothesis`, CIFAR-10). A gain in training from their absence alone "
        "would make the passage hold."
    ),
    "batch centering": holds(
        "The claim `normalisation.centring_gradient` derives the same formulas."
    ),
    "statistics path": holds(
        "The path through the mean is what centres the inputs "
        "(`normalisation.centring_gradient`), and outliers are back where this path is cut "
        "(`conditioning_hypothesis`, CIFAR-10)."
    ),
    # Implicit learning rate decay
    "Why does weight decay speed up optimization on the training set?": holds_in_part(
        "At the rate 0.05 decay lowers the loss by a few per cent on the way only, and at 0.3 "
        "decay raises the loss (`decay_and_loss`). A lower loss at the end would hold."
    ),
    "The BN operation is invariant to rescaling": holds_in_part(
        "The passage holds without eps, as the source has it. With eps = 1e-5 and weights of "
        "1/1000 an output of 1 becomes 0.3015, and 1 would make the passage hold (E23)."
    ),
    "BN is invariant to rescaling": holds_in_part(
        "The claim `normalisation.affine_invariance` derives the same without eps. With eps = "
        "1e-5 an output of 1 becomes 0.3015 in E23, and 1 would make the passage hold."
    ),
    "scale invariance": holds(
        "The claim `smoothness.curvature_of_outputs` derives a consequence: the loss has no "
        "curvature along the outputs of a unit."
    ),
    "homogeneous of degree k": holds(
        "The claim `invariance.homogeneity` derives the same relation of the gradients."
    ),
    "scale invariant = homogeneous of degree 0": holds(
        "The claim `invariance.radial_curvature` derives from degree 0 that the weights have no "
        "curvature along themselves."
    ),
    "its gradient is homogeneous of degree -1": holds(
        "The claim `invariance.gradient` derives the same."
    ),
    "homogeneous of degree -1": holds("The claim `normalisation.homogeneity` derives the same."),
    "Approximating the update to w-hat": holds(
        "The claim `invariance.first_order_error` derives that the approximate step has the "
        "right direction, and ends at most x^2/2 off the sphere, with x = eta G/|w|^2."
    ),
    "effective LR, effective gradient": does_not_hold(
        "At eta = 1, |w| = 2 and a unit gradient the label gives 0.5, and the tangent of a "
        "step's angle is 0.25 (E21). A tangent of 0.5 would make the passage hold."
    ),
    "w_j increases monotonically": holds(
        "The claims `invariance.norm_after_step` and, for momentum, "
        "`invariance.energy_identity_with_momentum` derive that the weights never get shorter."
    ),
    "apply the Pythagorean Theorem": holds_in_part(
        "The claim `invariance.norm_after_step` derives the last line. A minus for the plus in "
        "the first line, as transcribed, would make the passage hold (E22)."
    ),
    "the weight norm grows roughly as": holds(
        "At the constant gradient that the source assumes, `invariance.norm_growth` derives that "
        "the growth exceeds the printed law by a logarithm at most."
    ),
    "effective learning rate schedule": holds(
        "At the constant gradient that the source assumes, `invariance.hidden_schedule` derives "
        "the printed schedule as an upper bound, close up to a logarithm."
    ),
    "surprisingly little control": holds(
        "The claim `invariance.forgetting` derives that the effective rate forgets the learning "
        "rate in the long run, at a constant gradient."
    ),
    "surprisingly little control over the effective learning rate": holds(
        "Over two decades of rates the loss changes by a factor of 1.6 to 1.8 on CIFAR-10, for "
        "three seeds (`loss_against_rate`). On textures it changes by a factor of 5."
    ),
    "Gradient descent in neural networks typically occurs at the edge": holds(
        "In a tanh net with square loss the largest curvature rises to 2/eta and stays near this "
        "level without batch norm (`full_batch_edge`)."
    ),
    "Exponentially increasing LR schedule (Li and Arora, 2020)": holds_in_part(
        "The schedule equals weight decay to 1e-8 on textures (`decay_as_schedule`). With "
        "momentum E25 needs the base 0.92701 and a first buffer, and the naive base 0.95 without "
        "one would make the passage hold."
    ),
    "Use weight decay": holds(
        "The claim `invariance.equilibrium` derives that the effective rate stops falling. At "
        "strong decay on textures a step's angle is within 15 per cent of the claim's "
        "(`weight_decay`)."
    ),
    "Explicitly normalize each w_j": holds("The claim `invariance.unit_norm` derives the same."),
    "effective LR": does_not_hold(
        "The label, as transcribed, stands under eta/|w|, 0.5 at eta = 1 and |w| = 2. The right "
        "rate is 0.25 (`invariance.effective_rate`), and 0.5 would make the passage hold (E21)."
    ),
    "Different algorithms can have different decay schedules": holds(
        "Under signs |w|^2 grows linearly (`invariance.sign_growth`), and on textures |w|^2 "
        "grows faster with Adam than with descent (`rate_decay`)."
    ),
    "K-FAC is invariant to affine transformations": holds_in_part(
        "Undamped K-FAC is immune, with a pseudo-inverse. With damping 1/10 the rate falls from "
        "0.909 at |w| = 1 to 0.0909 at 10, and a constant rate would make the passage hold (E36)."
    ),
}
