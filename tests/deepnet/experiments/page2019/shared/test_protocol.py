"""The nets half-way: which they are, and the images on which they are looked at."""

import numpy as np
import pytest

from companion.errors import UsageError
from companion.scale import Scale
from deepnet.curvature import hessian
from deepnet.experiments.page2019.shared import measures, protocol
from deepnet.nets.modes import Active, Frozen, NoNorm
from tests.close import discretised, exact


@pytest.fixture
def measured(context):
    return context.changed(**measures.configuration(Scale.TINY) | {"examples": 16})


def test_the_nets_have_their_names_and_norms_and_frozen_is_active_frozen(context):
    nets = protocol.half_way(("none", "active", "frozen"), context)
    assert [*nets] == [net.name for net in nets.values()] == ["none", "active", "frozen"]
    norms = [type(net.net.problem.norm) for net in nets.values()]
    assert norms == [NoNorm, Active, Frozen]
    assert exact(nets["frozen"].net.state.weights, nets["active"].net.state.weights)


def test_a_net_is_looked_at_on_the_images_from_the_start_given(measured):
    data, net = measured.data, protocol.half_way(["none"], measured)["none"]
    for start in (0, 16, 48):
        x = np.concatenate([x for x, _ in net.batches(start).data])
        assert exact(x, data.normalised(data.x_train[start : start + 16]))
    with pytest.raises(UsageError, match="64 training images; give 65 or more"):
        net.batches(49)


def test_eigenpairs_elsewhere_are_those_of_the_next_images(measured):
    """A residual |Hv - value v| tells whose Hessian H was. Its products are float32."""
    net = protocol.half_way(["none"], measured)["none"]
    pairs = measures.eigenpairs(net, top=1, elsewhere=True)
    v, value = pairs["vectors"][:, 0].astype(float), pairs["eigenvalues"][0]
    here, there = (np.linalg.norm(hessian(net.batches(s)) @ v - value * v) for s in (0, 16))
    assert discretised(there, pairs["residuals"][0], 1e-5 * value)
    assert not discretised(here, pairs["residuals"][0], 1e-5 * value)
