"""The passages of the post on nets that train, in its order."""

from companion.passages.judgement import holds, holds_in_part

PASSAGES = {
    # Nets that train
    "Networks: the exact maximal learning rates and schedules make no large difference": holds(
        "In each setting on 10,000 CIFAR-10 images (width 1/4, three seeds) the top eigenvalue is "
        "9 to 18 times as large with batch norm frozen as active, and the means hold at least "
        "0.87 of v1 (`schedules`)."
    ),
    "Networks: three nets after 10 of 20 epochs": holds(
        "At batch norm's rates the net without batch norm has an accuracy of 0.11 to 0.14 on "
        "10,000 CIFAR-10 images (`training`, width 1/4, three seeds), so that the rate must be "
        "tailored."
    ),
    "nearby configurations that output a fixed, chosen class": holds(
        "With frozen batch norm a step of 0.8 % of the weights' norm was enough for half of the "
        "inputs on 10,000 CIFAR-10 images, for three seeds (`perturbations`, width 1/4)."
    ),
    "perturbations of 1% of the length of the parameter vector": holds(
        "At width 1/4 half of the inputs go to the chosen class at 0.77 to 0.81 % on 10,000 "
        "CIFAR-10 images, for three seeds (`perturbations`). On textures they do at 3.7 %."
    ),
    "perturbing parameters by a random vector of 1% length": holds(
        "A step along the gradient moves an output sqrt(P) times as far as a random step, 2000 "
        "times for 4 million parameters (`stability.perturbation_gain`)."
    ),
    "the effect of perturbing parameters along gradients of channel means": holds(
        "A step that suffices to first order takes 0.70 to 0.75 of the inputs to the class if "
        "batch norm is frozen, 0.90 to 0.93 without it and 0.14 to 0.15 if it is active, on "
        "CIFAR-10 images (`perturbations`, width 1/4, three seeds)."
    ),
    "squared norm of the gradients and their distribution between layers": holds_in_part(
        "The three nets are as stated on 10,000 CIFAR-10 images (`gradient_by_layer`, width 1/4, "
        "three seeds). Frozen after the activation, the squared norm is 3.5 times active's, and "
        "1.02 as in the post would hold."
    ),
    "channel distributions throughout the network after perturbation": holds_in_part(
        "The means grow by 0.44 to 0.51 deviations from the second to the last normed layer, on "
        "CIFAR-10 images (`perturbations`). In the last layers the deviations grow too, and "
        "unchanged ones would hold."
    ),
    "batch norm after the activation": holds_in_part(
        "Frozen there, the net keeps an accuracy of 0.72 to 0.73 on CIFAR-10 at a rate at which "
        "the usual frozen net has at most 0.21 (`after_freezing`, three seeds). Lambda_max does "
        "not grow in the next epochs, and a return of the instability would hold."
    ),
    "the origin of the instability": holds_in_part(
        "Batch norm before the classifier alone holds the output means at 0, and the net has an "
        "accuracy of 0.32 to 0.57 on CIFAR-10 at the high rate (`classifier_norm`, three seeds). "
        "The post's doubt that one norm suffices would hold if the net got lost."
    ),
    "increasing the variance increases the post-ReLU mean": holds(
        "`propagation.rectified_mean_slopes` derives the slope phi(m/s) > 0 in the deviation s."
    ),
}
