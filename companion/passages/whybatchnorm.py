"""The passages of "Why BatchNorm works" in its order."""

from companion.passages.judgement import does_not_hold, holds, holds_in_part

PASSAGES = {
    # The error surface
    "W(1xN), dirac_delta, 2/, figure 6, solution space": holds_in_part(
        "The context corrects each of five misprints, such as 2/ for 2/lambda_j (E32). W as N x "
        "1 and the other four corrections would make the passage hold."
    ),
    "E(W)": holds("The claim `quadratic.form` derives the same formula."),
    "R is clearly the NxN input covariance matrix": does_not_hold(
        "For one input with the values 1 and 3 the Hessian of the loss is 5, and the covariance "
        "is 1 (E13). Inputs of mean 0 would make the two equal."
    ),
    "J(E) = RW-Q": holds("The claim `quadratic.gradient` derives the same formula."),
    "H = R": holds(
        "The claim `quadratic.hessian` derives H = R for the R of the source's formula, the "
        "second moment of the inputs."
    ),
    "RW = Q": holds_in_part(
        "The claim `quadratic.solution_set` has the same solutions, as an affine set. The word "
        "'affine' in place of 'subspace' would make the passage hold (E32)."
    ),
    "H' = u.T*H*u": holds(
        "The claim `quadratic.directional_curvature` derives the same formula, and the "
        "eigenvalue along an eigenvector."
    ),
    "V = U(W-W*)": does_not_hold(
        "For R = [[2,1],[1,2]] and W - W* = (1,1) the excess loss is 3, and the printed V gives "
        "1 (E12). The value 3, which V = U'(W - W*) gives, would make the passage hold."
    ),
    "E_o is just E(W*)": holds(
        "The claim `quadratic.minimum` derives the least loss, which is E(W*)."
    ),
    "E(V), PartialDeriv(E,vj)": holds_in_part(
        "The claim `quadratic.diagonal_energy` derives these formulas for V = U'(W - W*). This V "
        "in place of the printed U(W - W*) would make the passage hold (E12)."
    ),
    # Descent on it
    "v_j(k)": holds("The claim `quadratic.decay` derives the same formula."),
    "0 < eta < 2/": holds_in_part(
        "The printed bound breaks off after 2/ (E32). The claim `quadratic.max_rate` derives "
        "2/lambda_max, so a printed 2/lambda_j for each j would make the passage hold."
    ),
    "tj = 1/(eta*lambda_j)": holds_in_part(
        "The printed time is right in leading order for small eta lambda. At eta lambda = 1.9 "
        "the right time is 9.49 steps, and the printed 0.53 would make the passage hold there "
        "(E29)."
    ),
    "eta in range (1/lambda_j, 2/lambda_j)": holds(
        "The claim `quadratic.regimes` derives the same three regimes."
    ),
    "convergence is reached in single step": holds(
        "The claim `quadratic.isotropic_one_step` derives that one step suffices exactly for "
        "equal eigenvalues, from textbook theorems."
    ),
    "eta must be chosen between (0,1/lambda_max)": does_not_hold(
        "For R = [[2,1],[1,2]] the printed bound is 0.333, and descent converges up to 0.667 "
        "(E14). Divergence at every rate above 0.333 would make the passage hold."
    ),
    "The optimal step size eta=1/lambda_max": does_not_hold(
        "For R = [[2,1],[1,2]] a step leaves 0.667 of the distance at the printed rate, and "
        "0.500 at the best rate (E15). At least 0.667 at every rate would make the passage hold."
    ),
    "optimal step size eta=1/lambda_max": does_not_hold(
        "The claim `quadratic.optimal_rate` derives 2/(lambda_max + lambda_min+), which is 0.500 "
        "for R = [[2,1],[1,2]]. The printed 0.333 as the best rate would make the passage hold "
        "(E15)."
    ),
    "optimal step size": does_not_hold(
        "On the bulk at alpha = 4 and v = 1 the best rate is 0.800 (`spectra.bulk_rate`), and "
        "the printed 1/lambda_max is 0.444. A best rate of 0.444 would make the passage hold."
    ),
    "t_max = (lambda_max/lambda_min)": holds_in_part(
        "The claim `quadratic.slowest_mode` derives a time between kappa - 1 and kappa - 1/2 for "
        "the printed kappa = lambda_max/lambda_min. Exactly kappa would make the passage hold."
    ),
    "learning dynamics": holds(
        "The factor of a mode depends on its eigenvalue and the rate (`quadratic.decay`), and "
        "the number of steps on the extreme eigenvalues (`quadratic.iterations`)."
    ),
    # The spectrum of the inputs
    "lambda-, lambda+": holds(
        "The claim `spectra.edges` derives the same edges from textbook theorems, in the limit "
        "of many inputs and examples."
    ),
    "lambda- = lambda+ = v": holds(
        "The claim `spectra.collapse` derives the bulk's width 4v/sqrt(alpha), which goes to 0 "
        "as alpha grows."
    ),
    "a total of (N-p) eigenvalues will be zero": holds(
        "The claim `spectra.null_count` derives the same number for the source's R, from "
        "textbook theorems."
    ),
    "(1-alpha) for all the zero eigenvalues": holds(
        "The claim `spectra.atom` derives the same share, from textbook theorems."
    ),
    "lambda_N": holds_in_part(
        "For 320 inputs of variance 0.9 and 400 examples an eigenvalue leaves the bulk only if "
        "|m| is above 0.0502 (`spectra.threshold`). A threshold of 0 would make the passage hold."
    ),
    "lambda_N = N m^2 + v": holds_in_part(
        "The value is right for infinitely many examples, for which the source derives it. For "
        "320 inputs and 400 examples the eigenvalue is 17.150, and the printed 16.388 would make "
        "the passage hold (E11)."
    ),
    "R*U_N = (Nm^2+v)*U_N": holds(
        "The claim `spectra.population` derives this equation for infinitely many examples, as "
        "the source does."
    ),
    "trace(R)": holds(
        "The claim `spectra.trace` derives the same sum, on average for any number of examples."
    ),
    "only one value": holds(
        "The claim `spectra.one_outlier` derives from textbook theorems that a mean makes at "
        "most one outlier."
    ),
    "centred inputs": holds(
        "Centring removes the outlier and leaves the bulk (`spectra.centring`, from textbook "
        "theorems), so that the condition number falls (`spectra.biased_condition`)."
    ),
    "individual learning rates inversely proportional to N": does_not_hold(
        "For two neurons of 20 and 500 inputs the condition number is 525 with the remedy, and "
        "501 without (E16). A number below 501 would make the passage hold."
    ),
    "Biased inputs slow down convergence": holds(
        "The claim `spectra.biased_condition` derives the condition number (N m^2 + v)/v, which "
        "is 1 without a mean."
    ),
    "controlled by variance of input component distribution": holds_in_part(
        "Without a mean the variance scales all eigenvalues (`spectra.variance_scaling`). For "
        "320 inputs with m = 0.22 and v = 0.9 the mean makes 15.488 of the largest, 16.388, and "
        "m = 0 would make the passage hold."
    ),
    # Batch norm
    "almost 50% of L1 energy": holds_in_part(
        "For 400 inputs the small eigenvalues hold 0.499 of the energy where m^2 = v, and 0.665 "
        "where v = 2 m^2 (`spectra.energy_l1`). About 0.5 for any m and v would make the passage "
        "hold."
    ),
    "L1 Energy": does_not_hold(
        "For R = [[2,1],[1,2]] and W - W* = (1,1) the printed sum is 6, and the sum of all "
        "|lambda_i| is 4 (E17). A printed sum of 4 would make the passage hold."
    ),
    "Figure 11": holds_in_part(
        "Without batch norm 0.67 to 0.73 of a batch's gradient lies in ten leading directions on "
        "CIFAR-10 (`gradient_and_outliers`). With batch norm 0.46 to 0.52 does, and nearly none "
        "would make the contrast hold."
    ),
    "almost all of the gradient energy": holds_in_part(
        "In the model with 400 inputs and m^2 = v the outlier has 0.998 of the energy "
        "(`spectra.energy_gradient`). Without batch norm ten directions have 0.67 to 0.73 on "
        "CIFAR-10 (`gradient_and_outliers`), and nearly 1 would hold."
    ),
    "Figure 12": holds_in_part(
        "On CIFAR-10 the cosine is at most 0.16 for three seeds, with batch norm and without "
        "(`way_to_the_optimum`). A clearly larger cosine with batch norm would make the contrast "
        "hold."
    ),
    "invariant to initialisation": does_not_hold(
        "At alpha = 2 the fastest mode still converges 33.97 times as fast as the slowest, "
        "without outliers (E30). A ratio of 1 would make the passage hold."
    ),
    "smoother in every direction": does_not_hold(
        "In the example of E38 the lowest curvature with batch norm is -4, and the curvature "
        "without is 1 in every direction. A curvature of size 1 at most would make the passage "
        "hold."
    ),
}
