"""Surfaces, lines, curvatures and bounds of the landscapes: their identities and nulls."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.scale import Scale
from deepnet.data import textures
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import experiments
from deepnet.experiments.oxford2021 import (
    interpolations,
    loss_surfaces,
    principal_curvatures,
    printed_bounds,
    raw_surfaces,
    surfaces_by_loss,
)
from deepnet.experiments.oxford2021.shared import landscapes, protocol
from deepnet.nets.lenet import lenet
from deepnet.nets.vgg import vgg
from figures.gallery import Choice, drawn, plates
from tests.close import below, discretised, rounded
from tests.deepnet.experiments.oxford2021.tiny import probed_net

CONFIG = loss_surfaces.configuration(Scale.TINY) | {"points": 3}


# ----- Surfaces -----


def test_nets_with_and_without_batch_norm_share_their_directions(context):
    none, active = (protocol.net("lenet", n, "joint", context) for n in protocol.KINDS)
    for one, other in zip(*map(principal_curvatures.directions, (none, active)), strict=True):
        for layer, d in one.items():
            turned = other[layer]
            if d.ndim < 2:
                assert not d.any()
                assert not turned.any()
            else:  # the same normals, each filter as long as the net's own
                flat, same = d.reshape(len(d), -1), turned.reshape(len(d), -1)
                lengths = np.linalg.norm(flat, axis=1) * np.linalg.norm(same, axis=1)
                assert rounded((flat * same).sum(1) / lengths, 1)


def test_a_longer_filter_leaves_the_net_as_it_is(context):
    net = raw_surfaces.as_double(protocol.net("lenet", "active", "joint", context))
    long = raw_surfaces.with_longer_filter(net, "conv2", 3, 10.0)
    assert rounded(long.state.weights["conv2"][3], 10 * net.state.weights["conv2"][3])
    ((x, _),) = landscapes.data(context, "float64")
    for mode in ("running", "batch"):
        outputs = [landscapes.problem_of(mode, one).outputs(one.state.weights, x)
                   for one in (net, long)]  # fmt: skip
        variance = net.state.statistics["conv2"][1][3]
        error = raw_surfaces.EPS / variance * np.abs(outputs[0]).max()
        assert discretised(*outputs, error)


def test_a_net_that_did_not_train_has_no_surface_and_no_verdict(tmp_path):
    """Judged, a net of two steps has not trained: nothing is compared, and the figures say so."""
    judged = CONFIG | {"judged": True}
    context = Context(judged, textures(64, 32), 0, tmp_path / "parts", tmp_path)
    arrays = loss_surfaces.run(context)
    assert not any("numbers" in name for name in arrays)
    assert not any(arrays[name] for name in arrays if name.endswith(":trained"))
    for observation in loss_surfaces.OBSERVATIONS:
        assert np.isnan(observation.measure(arrays))
        assert observation.finding([arrays]).verdict in ("unresolved", "reported")


@pytest.mark.landing
@pytest.mark.parametrize("name", ["lenet_surfaces", "vgg_surfaces", "surface_numbers"])
def test_it_is_drawn_grey_with_the_words(tmp_path_factory, name):
    results = tmp_path_factory.getbasetemp() / "judged"
    plate = plates()[f"oxford2021.{name}"]
    with drawn(plate, Choice(Scale.TINY, results=results, changes=("judged=true",))) as fig:
        words = [text.get_text() for ax in fig.axes for text in ax.texts]
        if name != "surface_numbers":
            assert words.count("did not train") == 6
        else:
            assert not any(line.get_marker() in "os" for ax in fig.axes for line in ax.lines)


@given(power=st.floats(-3, 3), times=st.floats(0.01, 100), shift=st.floats(0.5, 2))
def test_at_equal_loss_a_power_law_is_compared_with_itself(power, times, shift):
    """Between the centres without batch norm a power law is straight in logarithms."""
    centres = np.array([2.0, 0.8, 0.3, 0.05])
    numbers = {"none": centres, "running": np.array([0.5, 0.2]) * shift}
    arrays = {}
    for (mode, centre), factor in zip(numbers.items(), (1.0, times), strict=True):
        columns = np.repeat(factor * centre[:, None] ** power, len(landscapes.NUMBERS), axis=1)
        columns[:, 0] = centre
        arrays[f"{mode}:numbers"], arrays[f"{mode}:trained"] = columns, np.ones(len(centre), bool)
    for kind in ("highest", "curvature"):
        quotient = surfaces_by_loss.at_equal_loss(arrays, "running", kind)
        assert rounded(quotient, times)
    arrays["none:trained"][:] = False
    assert np.isnan(surfaces_by_loss.at_equal_loss(arrays, "running", "highest"))


# ----- Lines -----


@pytest.mark.parametrize("norm", protocol.KINDS)
def test_a_line_begins_and_ends_at_its_states(context, norm):
    for pair in ("training", "draws"):
        start, net, _ = interpolations.ends("lenet", norm, pair, context)
        losses = interpolations._losses("lenet", norm, pair, context)
        straight = losses["none" if norm == "none" else "interpolated"]
        inside = interpolations.between(
            {"share": np.linspace(-0.5, 1.5, context.config["shares"]), "line": straight}, "line"
        )
        for state, loss in ((start, inside[0]), (net.state, inside[-1])):
            there = replace(net, state=state)
            own = landscapes.training_loss(
                there, "running" if norm == "active" else "none", landscapes.data(context)
            )
            assert rounded(np.float32(loss), own)


# ----- The whole Hessian beside the slice -----


def test_the_points_of_a_lattice_are_all_of_them_from_the_centre_outwards():
    grid = np.linspace(-1, 1, 51)
    points = principal_curvatures.grid_points(grid, 11)
    assert len({tuple(point) for point in points.tolist()}) == 121
    assert np.array_equal(points[0], [0, 0])
    assert (np.diff(np.hypot(*points.T)) >= -1e-12).all()


# ----- Bounds on real outputs -----


@pytest.mark.parametrize("build", [lenet, lambda *a, **k: vgg("vgg16", *a, **k)])
def test_the_corrected_bounds_are_equalities_of_any_weights_and_the_printed_one_is_not(build):
    problem, weights, x, targets = probed_net(build, eps=0.0)
    sides = printed_bounds.sides(problem, weights, "dense2", x, targets)
    arrays = {
        f"{name}:{quantity}": array for name in protocol.NAMES for quantity, array in sides.items()
    }
    rows = {o.name.partition(".")[2]: o for o in printed_bounds.OBSERVATIONS}
    for name in ("bound_1_corrected_is_an_equality", "bound_10_is_an_equality"):
        assert rows[name].measure(arrays) <= 1e-9
        assert rows[name].null(arrays) > 1e-3
    assert rows["bound_1_as_printed_is_violated"].measure(arrays) > 0.95
    assert rows["bound_1_as_printed_is_violated"].null(arrays) == 0
    prefactor = sides["plain"]  # |g|^2 times the square of gamma/sigma bounds all of it
    assert below(sides["squared"], prefactor)


def test_every_experiment_of_the_source_is_drawn():
    names = {name for name, each in experiments().items() if each.source.key == "oxford2021"}
    shown = {plate.experiment for plate in plates().values() if plate.source.key == "oxford2021"}
    assert names <= shown
