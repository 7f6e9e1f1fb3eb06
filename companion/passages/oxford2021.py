"""The passages of "Effect of Batch Normalization on Loss Landscape" in its order."""

from companion.passages.judgement import does_not_hold, holds, holds_in_part, not_asked

PASSAGES = {
    # Section 1
    "section 1.1": holds_in_part(
        "The claim `normalisation.standardisation` derives the formula, but two equal units keep "
        "the correlation 1 (E33). The word 'standardised' for 'whitened' would make the passage "
        "hold."
    ),
    "sections 1.1, 2.1 and 3": holds_in_part(
        "The context corrects each of five misprints, such as u for mu (E33). The five "
        "corrections would make the notation hold."
    ),
    "section 1.2": holds(
        "A filter-normalised slice does not see the scale of the weights "
        "(`smoothness.filter_normalised_slice`), and a raw slice does (`smoothness.raw_slice`)."
    ),
    "1D Linear Interpolation": holds(
        "The claim `smoothness.interpolated_loss` derives that the line shows the curvature "
        "along itself alone, for a quadratic loss."
    ),
    "section 1.2, 1D linear interpolation": not_asked(
        "The source describes the method and shows no curve, so that `interpolations` reports "
        "its numbers without a band."
    ),
    "section 1.2, surface plot with random directions": holds_in_part(
        "A filter made ten times as long changes the raw surface by over 0.01, and the "
        "normalised one by under 1e-5 (`raw_surfaces`). Non-convexity lost at low resolution, "
        "which is not asked, would make the rest hold."
    ),
    "section 1.2, principal curvatures": not_asked(
        "The source says only that these numbers can be computed, so that `principal_curvatures` "
        "reports them without a band."
    ),
    # Section 2.1
    "section 2.1": holds_in_part(
        "The gradient is as in `smoothness.gradient`, at BN(y). Set against the net without "
        "batch norm the bound fails: the example of E2 has 0.0214 against 0, and 0 at most would "
        "make the passage hold."
    ),
    "section 2.1, eq. (1)": holds_in_part(
        "The two parts that (1) subtracts are the null space of the Jacobian "
        "(`normalisation.jacobian_rank`). The factor 1/m in place of 1/sqrt(m) would make the "
        "passage hold (E1)."
    ),
    "eq. (1)": does_not_hold(
        "For two examples with y = g = (1, 0) and gamma = 1 the printed bound is -0.828, and the "
        "squared gradient is 0.000 (E1). A bound of at least 0 would make the passage hold."
    ),
    "eqs. (1), (10), (11)": holds_in_part(
        "In trained nets (10) is an equality, every unit violates (1), and 6 to more than 50 per "
        "cent of VGG-16's units violate (11), by the draw (`printed_bounds`). No violation would "
        "make the passage hold."
    ),
    "it grows quadratically in the dimension": holds_in_part(
        "The square does, and (1) divides it by the dimension. For g = (1,1,1,1) the square is "
        "16 and 4 is taken out, and 16 taken out would make the passage hold (E31)."
    ),
    "better Lipschitz constant": does_not_hold(
        "In the example of E2 the squared gradient is 0.0214 with batch norm, and 0 without. A "
        "value of 0 at most with batch norm would make the passage hold."
    ),
    "eqs. (2), (3)": holds_in_part(
        "The claim `smoothness.weight_gradient` derives (3). In (2) the outputs y_j = sum_i W_ij "
        "x_i in place of y = Wx would make the passage hold (E33)."
    ),
    "eqs. (4), (5)": holds_in_part(
        "The bound holds (`smoothness.weight_gradient_bounds`). No X has XX' = lambda^2 I for "
        "two examples of one input (E4), and as many inputs as examples would make the equality "
        "possible."
    ),
    "eqs. (6), (7), (8)": does_not_hold(
        "In the example of E3 the printed maximum is 36, and inputs of norm 1 reach 90000. A "
        "maximum of 36, as with y held fixed, would make the passage hold."
    ),
    "eqs. (6), (8)": does_not_hold(
        "With y held fixed `smoothness.largest_weight_gradient` derives (6), and (8) with 1/m "
        "for 1/sqrt(m). As printed, inputs reach 90000 where (6) has 36 (E3), and 36 would make "
        "the passage hold."
    ),
    "eq. (7)": holds_in_part(
        "The claim `smoothness.largest_plain_gradient` derives the same maximum with y held "
        "fixed. The condition X'W = y, which (7) does not name, would make the passage hold (E3)."
    ),
    # Section 2.2
    "section 2.2": holds_in_part(
        "The equations (9) and (13) hold, and (11), (14) and (16) have counterexamples (E7, E5, "
        "E6). These three without a counterexample would make the passage hold."
    ),
    "section 2.2, effective beta-smoothness": does_not_hold(
        "For y = (1,-1,0) and a linear loss with g = (0,0,1) the quadratic form is 0, and the "
        "effective beta is 0.707 (`smoothness.effective_beta_of_small_steps`). A beta of 0 would "
        "make the passage hold."
    ),
    "eq. (9)": holds("The claim `smoothness.taylor` derives the same expansion."),
    "eq. (10)": holds_in_part(
        "With g and H at BN(y) `smoothness.curvature_along_gradient` derives an equality. The "
        "source takes g and H from the net without batch norm, and BN(y) as their point would "
        "make the passage hold (E8)."
    ),
    "eqs. (10) to (12)": holds_in_part(
        "Equation (10) is an equality with g and H at BN(y). This point, and the squares that "
        "the numerators of (10) to (12) lack, would make (10) and (12) hold (E8)."
    ),
    "eq. (11)": does_not_hold(
        "For y = (1,-1,0), g = (1,1,-2) and H = I the printed bound is 9.0, and the curvature is "
        "13.5 (E7). A bound of at least 13.5 would make the passage hold."
    ),
    "section 2.2, assumptions": holds_in_part(
        "The product is not negative for a convex quadratic loss that is least at batch norm's "
        "shift (`smoothness.alignment_of_convex_loss`). The product is -4 in E9, and at least 0 "
        "would make the passage hold."
    ),
    "eqs. (12), (13)": holds("The claim `smoothness.weight_hessian` derives the same formulas."),
    "eq. (13)": holds(
        "The claim `smoothness.weight_hessian` derives this identity, and "
        "`smoothness.ball_of_gradients` all values of its vector XX' grad."
    ),
    "eq. (14)": does_not_hold(
        "For K = e_1 e_1', d = e_2 and lambda = 1 the printed maximum is 0, and the maximum is "
        "0.25 (E5). A maximum of 0 would make the passage hold."
    ),
    "eqs. (14), (16)": does_not_hold(
        "For a linear loss (14) and (16) print 0, and the supremum is above 0 "
        "(`smoothness.largest_linear_curvature`), 0.459 in the example of E6. A supremum of 0 "
        "would make the passage hold."
    ),
    "eq. (16)": does_not_hold(
        "For y = (1,-1,0), g = (0,0,1) and gamma = lambda = 1 the printed bound is 0, and the "
        "supremum is 0.459 (E6). A supremum of 0 would make the passage hold."
    ),
    "is positive if negative gradient points towards the minimum": does_not_hold(
        "For y = (1,-1) and the minimum (3,-3) the product is -4 (E9). A product above 0 would "
        "make the passage hold."
    ),
    # Section 3
    "section 3": holds_in_part(
        "At equal loss LeNet's surface is flatter at a distance with batch norm "
        "(`surfaces_by_loss`). Along training its loss varies 0.7 to 0.8 times as much without "
        "on CIFAR-10, for three seeds (`along_training`), and more in each would hold."
    ),
    "figure 1": holds_in_part(
        "On CIFAR-10 LeNet's effective beta is 1.6 to 2.5 times as large without batch norm, for "
        "three seeds, but its loss varies 0.7 to 0.8 times as much along the gradient "
        "(`along_training`). More variation in each run would hold."
    ),
    "figure 1, left": holds_in_part(
        "On CIFAR-10 LeNet's loss varies 0.7 to 0.8 times as much without batch norm, for three "
        "seeds, and VGG-16 without it guesses (`along_training`). More in each run, of nets that "
        "train, would make the passage hold."
    ),
    "figure 1, right": holds_in_part(
        "Which net has the larger effective beta depends on the net, the direction and the "
        "length of the steps (`along_training`). A smaller beta with batch norm in all cases "
        "would make the passage hold."
    ),
    "figure 1, effective beta-smoothness": holds(
        "The measure is a definition, which `smoothness.effective_beta` evaluates on a "
        "quadratic: |Rg|/|g|, whatever the step."
    ),
    "figure 2": holds_in_part(
        "On CIFAR-10 LeNet's surface with each batch's own statistics is lower and less steep at "
        "a distance, and less convex for each of three seeds (`loss_surfaces`). More convex for "
        "each seed, in both modes, would hold."
    ),
    "figure 2, left": holds_in_part(
        "With each batch's own statistics LeNet's surface is lower at a distance. With constants "
        "this depends on how far each net is trained (`loss_surfaces`), and lower in both modes "
        "would make the passage hold."
    ),
    "figure 2, right": holds_in_part(
        "With each batch's own statistics batch norm's surface is lower at the joint rate. With "
        "constants the other is flatter by far (`loss_surfaces`), and batch norm's as the "
        "flatter would make the passage hold."
    ),
    "figure 2, at equal training loss": holds(
        "At equal loss LeNet's surface with batch norm is lower and less steep at a distance in "
        "both modes, for three seeds of CIFAR-10 (`surfaces_by_loss`)."
    ),
}
