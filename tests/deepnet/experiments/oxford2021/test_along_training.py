"""What is read off the trainings of the landscapes."""

import numpy as np

from deepnet.experiments.oxford2021 import along_training
from deepnet.experiments.oxford2021.shared import protocol


def test_nothing_is_compared_with_a_net_that_did_not_train():
    arrays = {
        f"lenet:{kind}:joint:{quantity}": value
        for kind in protocol.KINDS
        for quantity, value in (
            ("trained", np.array(True)),
            ("gradient:losses", np.array([[1.0, 3]])),
        )
    }
    (variation,) = (o for o in along_training.OBSERVATIONS if o.name.endswith("variation_lenet"))
    assert variation.measure(arrays) == 1
    dead = arrays | {"lenet:none:joint:trained": np.array(False)}
    assert np.isnan(variation.measure(dead))
    assert variation.finding([dead] * 2).verdict == "unresolved"
