"""Where a run at low rates ends."""

import numpy as np

from deepnet.experiments.ghorbani2019.shared import low_rate, protocol
from tests.close import rounded
from tests.deepnet.experiments.ghorbani2019.tiny import CONFIG


def test_the_low_rates_follow_each_other_and_lower_the_loss(context):
    rates = [low_rate.falling(0.3, 2)(moment / 4) for moment in range(1, 25)]
    assert rounded(rates, np.repeat([0.1, 0.03, 0.01], 8))
    moment = protocol.moment("none", 1, context)
    end = low_rate.end(moment, context)
    assert end.state.epoch == 3 * CONFIG["low_epochs"]
    assert rounded(end.state.records["lr"][:: 3 * CONFIG["low_epochs"]][0], 0.05 / 3)
