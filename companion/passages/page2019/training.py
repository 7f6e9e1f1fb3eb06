"""The passages of the post on nets that train, in its order."""

from companion.passages.judgement import holds, holds_in_part

PASSAGES = {
    # Nets that train
    "Networks: the exact maximal learning rates and schedules make no large difference": (
        holds_in_part(
            "In all settings on textures the top eigenvalue is at least 4 times as large with "
            "batch norm frozen as active (`schedules`). Half-way the means hold little more than a "
            "third of v1, and 0.82 as in the post would hold."
        )
    ),
    "Networks: three nets after 10 of 20 epochs": holds(
        "At batch norm's rates the net without batch norm has an accuracy of 0.10 on 5,000 "
        "CIFAR-10 images at width 1/8 (`training`, one seed), and at most 0.2 on textures, so that "
        "the rate must be tailored."
    ),
    "nearby configurations that output a fixed, chosen class": holds(
        "With frozen batch norm a step of 0.9 % of the weights' norm was enough for half of the "
        "inputs on 5,000 CIFAR-10 images, and 3.7 % on textures (`perturbations`)."
    ),
    "perturbations of 1% of the length of the parameter vector": holds_in_part(
        "At width 1/8 half of the inputs change their class at 0.9 % on 5,000 CIFAR-10 images, but "
        "at 3.7 % on textures (`perturbations`). At most 1 % on both would hold."
    ),
    "perturbing parameters by a random vector of 1% length": holds(
        "A step along the gradient moves an output sqrt(P) times as far as a random step, 2000 "
        "times for 4 million parameters (`stability.perturbation_gain`)."
    ),
    "the effect of perturbing parameters along gradients of channel means": holds_in_part(
        "With longer steps most inputs go to the class if batch norm is frozen or absent, and "
        "fewer than half if it is active (`perturbations`). On textures half of them need 3.7 % if "
        "it is frozen, and 1 % would hold."
    ),
    "squared norm of the gradients and their distribution between layers": holds_in_part(
        "The three nets are as stated on textures (`gradient_by_layer`). Frozen after the "
        "activation, the squared norm is 5.5 times active's on 5,000 CIFAR-10 images, and 1.02 as "
        "in the post would hold."
    ),
    "channel distributions throughout the network after perturbation": holds_in_part(
        "The means grow by more than 0.2 deviations from the second to the last normed layer "
        "(`perturbations`). In the last layers the deviations grow too, and unchanged ones would "
        "hold."
    ),
    "batch norm after the activation": holds_in_part(
        "Frozen there, the net trains on at a rate at which the usual frozen net is lost "
        "(`after_freezing`, textures). In two epochs the squared drift is below 0.01 of the "
        "variance, and a return of the instability would hold."
    ),
    "the origin of the instability": holds_in_part(
        "Batch norm before the classifier alone holds the output means at 0, and the net learns "
        "0.4 or more at the high rate on textures (`classifier_norm`). The post's doubt that one "
        "norm suffices would hold if the net got lost."
    ),
    "increasing the variance increases the post-ReLU mean": holds(
        "`propagation.rectified_mean_slopes` derives the slope phi(m/s) > 0 in the deviation s."
    ),
}
