"""What is read off a net: quadratures as arrays, and gradients of batches."""

from dataclasses import replace

import numpy as np
from scipy.sparse.linalg import aslinearoperator

from deepnet.curvature import quadrature
from deepnet.experiments.ghorbani2019.shared import measures, protocol
from tests.close import exact, rounded
from tests.deepnet.experiments.ghorbani2019.tiny import CONFIG


def test_stochastic_gradients_do_not_meet_the_hessians_images(context):
    net = protocol.net(protocol.moment("none", 1, context), context)
    labels = context.data.y_train.copy()
    labels[: CONFIG["examples"]] = 9 - labels[: CONFIG["examples"]]
    other = replace(context, data=replace(context.data, y_train=labels))
    one, two = (measures.stochastic_gradients(net, setting, 5) for setting in (context, other))
    assert np.array_equal(one, two)
    one, two = (measures.full_gradient(net, setting) for setting in (context, other))
    assert not rounded(one, two)


def test_quadratures_are_stored_whole():
    values = np.append(np.linspace(0, 1, 20), 9.0)
    q = quadrature(aslinearoperator(np.diag(values)), np.random.default_rng(0), 4, 12)
    again = measures.from_arrays(measures.to_arrays(q))
    assert again.size == q.size
    assert exact(again.multiplicity, q.multiplicity)
    assert rounded(again.eigenvalues, [9.0])
    for one, two in ((q.rule, again.rule), (q.half, again.half)):
        assert np.array_equal(one.nodes, two.nodes)
        assert np.array_equal(one.weights, two.weights)
