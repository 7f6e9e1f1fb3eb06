"""The passages of "How to Train Your ResNet 7: Batch Norm" in its order."""

from companion.passages.judgement import not_asked
from companion.passages.page2019 import hessian, random_nets, training

PASSAGES = {
    **random_nets.PASSAGES,
    **training.PASSAGES,
    **hessian.PASSAGES,
    # Not in the post
    "beyond the post": not_asked(
        "The post says nothing here. `after_freezing`, `classifier_norm` and `stability_ledger` go "
        "on from its passages."
    ),
}
