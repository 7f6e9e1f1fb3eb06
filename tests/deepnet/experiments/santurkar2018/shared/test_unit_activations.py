"""The layers whose units are recorded."""

from deepnet.experiments.santurkar2018.shared import protocol
from deepnet.experiments.santurkar2018.shared.unit_activations import inputs_of, layer_names, units
from tests.deepnet.experiments.santurkar2018.tiny import CONFIG


def test_the_input_of_a_layer_comes_from_the_one_before():
    net = protocol.net_of("none", CONFIG)
    assert len(layer_names(net)) == 11
    assert inputs_of(net, "2 6 10") == {2: "conv1", 6: "conv5", 10: "dense1"}
    assert len(set(units(net, "conv5"))) == 5
