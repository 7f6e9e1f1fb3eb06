"""The passages of "Rethinking Batch Normalization" in its order."""

from companion.passages.judgement import does_not_hold, holds, holds_in_part, not_asked

PASSAGES = {
    "a network with just one layer": holds(
        "`smoothness.one_layer` derives a shift of 0 at any rate, however rough the loss is."
    ),
    "their definition of ICS": holds(
        "This is a definition. `smoothness.covariate_shift` takes the same difference of gradients."
    ),
    "yet another meta Gaussian": does_not_hold(
        "In algorithm 1 of the paper the mean and the scale are drawn from uniform laws, and only "
        "the factors of single examples are Gaussian (E34). Gaussian laws of mean and scale would "
        "hold."
    ),
    "the two plots of a ball on a slope": not_asked(
        "The plots only illustrate the next three statements. `smoothness.two_valleys` draws a "
        "valley of our own."
    ),
    "the red ball could end up getting stuck": holds(
        "A valley with bumps has a place to get stuck exactly if height freq^2 >= 4.6033 lam "
        "(`smoothness.trap`, steps checked)."
    ),
    "it might move over to another valley entirely": holds(
        "At lam = height = 1 and freq = 4 almost every descent passes a top above the rate 0.277, "
        "and the valley without bumps allows 2 (`smoothness.largest_rate_in_a_bump`, steps "
        "checked)."
    ),
    "changing the loss landscape from this bumpy shape": holds_in_part(
        "Batch norm takes the spikes away on VGG at width 1/8, but its beta over small steps is "
        "the larger one (`loss_smoothness`). A smaller one would hold."
    ),
    "a function is L-Lipschitz": holds(
        "This is the usual definition. `smoothness.lipschitz` derives the smallest L of a "
        "quadratic."
    ),
    "a prediction of how much we expect the function to fall": holds(
        "`smoothness.fall_of_the_loss` derives eta |g|^2 to first order in the rate."
    ),
    "gradient predictiveness": holds_in_part(
        "On CIFAR-10 the spikes of the gradient's change are 3.1 to 3.9 times as high without "
        "batch norm, but the medians are 0.8 to 1.2 times as high (`loss_smoothness`, three "
        "seeds). A smaller median with batch norm each time would hold."
    ),
    "the gradient landscape itself became more smooth": does_not_hold(
        "On CIFAR-10 batch norm's beta is smaller only while the measure is saturated, at 0.85 to "
        "0.92 of the steps, and 2.3 to 2.5 times as large over small steps (`loss_smoothness`, "
        "three seeds). A smaller one there would hold."
    ),
    "other transformation schemes": holds_in_part(
        "On CIFAR-10 at width 1/8 in 400 steps L2 ends within 0.03 of batch norm's training "
        "accuracy, L1 0.02 to 0.06 below and L-infinity 0.11 to 0.12 below (`power_norms`, three "
        "seeds). Equal accuracies of all four would hold."
    ),
}
