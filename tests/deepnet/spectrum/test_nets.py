"""The nets by their names: they have their facts, and take what the weights tell."""

import re

import numpy as np
import pytest

from deepnet.nets.initialise import initialise
from deepnet.nets.mlp import deep_linear
from deepnet.nets.page import page
from deepnet.nets.resnet import resnet
from deepnet.vectors import to_pytorch
from tests.close import rounded
from tests.deepnet.device_cases import PASSES
from tests.deepnet.facts.nets_recipe import CASES, NORMS, draw
from tests.deepnet.spectrum.asking import arrays_of, found, refused, saved
from tests.paths import NETS_FACTS


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("net", CASES)
def test_every_net_has_the_facts_of_its_name(capsys, tmp_path, net, norm):
    recipe = draw(net)
    weights = saved(tmp_path, "W.npz", **arrays_of(recipe))
    files = weights, saved(tmp_path, "D.npz", x=recipe.x, y=recipe.y)
    options = ["--net", net, "--width", CASES[net][0], "--top", "1", "--bottom", "0"]
    row = found(capsys, files, *options, "--norm", norm, "--products", "2", code=1)
    facts = np.load(NETS_FACTS, allow_pickle=False)
    assert (row["net"], row["parameters"]) == (net, len(recipe.v))
    assert rounded(row["loss"], facts[f"{net}:{norm}:loss"], condition=PASSES)
    assert rounded(row["grad_norm"], facts[f"{net}:{norm}:grad"][0], condition=PASSES)


@pytest.mark.parametrize(
    "options, net, inputs, activation",
    [
        ("--net resnet14 --width 1/16", resnet(14, 1 / 16), (3, 16, 16), "relu"),
        ("--net page --width 1/64", page(1 / 64, affine=True), (3, 16, 16), "softplus:10"),
        ("--net mlp --activation linear", deep_linear(affine=True), (10,), "linear"),
    ],
)
def test_nets_take_what_the_names_and_the_images_tell(
    capsys, tmp_path, options, net, inputs, activation
):
    weights = initialise(net, np.random.default_rng(0), dtype="float64")
    rng = np.random.default_rng(1)
    files = (
        saved(tmp_path, "W.npz", **{f"w:{name}": to_pytorch(w) for name, w in weights.items()}),
        saved(tmp_path, "D.npz", x=rng.standard_normal((6, *inputs)), y=rng.integers(0, 10, 6)),
    )
    few = ["--norm", "active", "--top", "1", "--bottom", "0", "--products", "2"]
    row = found(capsys, files, *options.split(), *few, code=1)
    assert row["parameters"] == net.parameters
    same = [*options.split(), *few]
    if "--activation" not in same:
        same += ["--activation", activation]
    assert found(capsys, files, *same, code=1)["loss"] == row["loss"]


@pytest.mark.parametrize(
    "net, change, options, says",
    [
        ("lenet", {}, "", "w:conv1 of .* has 2 filters, net lenet at width 1 has 6; .* 1/3"),
        ("lenet", {}, "--width 1/3 --activation linear", "net lenet has an activation"),
        ("lenet", {"w:conv2_shift": None}, "--width 1/3", "has no w:conv2_shift"),
        ("lenet", {"w:dense1_bias": None}, "--width 1/3", "has no w:dense1_bias"),
        (
            "lenet",
            {"w:dense2_scale": np.ones(3)},
            "--width 1/3",
            r"w:dense2_scale of .* \(3,\), not",
        ),
        (
            "lenet",
            {"w:dense1": np.ones((40, 126))},
            "--width 1/3",
            r"\(40, 126\), not \(40, 5, 5, 5\)",
        ),
        ("lenet", {"x": np.ones((6, 3, 16, 16))}, "--width 1/3", r"not \(n, 3, 32, 32\)"),
        (
            "resnet20",
            {},
            "--width 1/8 --norm post",
            "its norm before the activation; no --norm post",
        ),
        ("resnet20", {"w:dense_bias": None}, "--width 1/8", "has no w:dense_bias"),
        (
            "resnet20",
            {"w:conv1_bias": np.ones(2)},
            "--width 1/8",
            "has w:conv1_bias, but net resnet20",
        ),
        ("resnet20", {"x": np.ones((4, 3, 30, 30))}, "--width 1/8", r"not \(n, 3, 32, 32\)"),
        ("resnet20", {"x": np.ones((4, 3, 0, 0))}, "--width 1/8", r"not \(n, 3, 32, 32\)"),
    ],
)
def test_bad_nets(tmp_path, net, change, options, says):
    recipe = draw(net)
    arrays = arrays_of(recipe) | {"x": recipe.x, "y": recipe.y} | change
    own = tmp_path / "own.npz"
    np.savez(own, **{name: array for name, array in arrays.items() if array is not None})
    norm = [] if "--norm" in options else ["--norm", "none"]
    refusal = refused((str(own), str(own)), "--net", net, *options.split(), *norm)
    assert re.search(says, refusal)


@pytest.mark.parametrize(
    "arrays, says",
    [
        (
            {"w:dense1": np.ones((4, 3)), "w:dense2": np.ones((2, 5))},
            "in the out of the one before",
        ),
        ({"w:dense1": np.ones(4)}, "each must be .out, in"),
        ({"w:dense1": np.ones((4, 3)), "w:dense3": np.ones((2, 4))}, "has no w:dense2"),
        ({"w:dense2": np.ones((4, 3))}, "has no w:dense1"),
        (
            {
                "w:dense1": np.ones((4, 3)),
                "w:dense2": np.ones((2, 4)),
                "w:dense2_bias": np.ones(2),
            },
            "has no w:dense1_bias",
        ),
        ({"w:dense1": np.ones((4, 3)), "w:dense2": np.ones((2, 4))}, "x of .* not .n, 3."),
    ],
)
def test_bad_perceptrons(tmp_path, linear_files, arrays, says):
    weights = tmp_path / "bad.npz"
    np.savez(weights, **arrays)
    refusal = refused((str(weights), linear_files[1]), "--net", "mlp", "--norm", "none")
    assert re.search(says, refusal)


def test_a_batch_of_one_has_no_statistics(tmp_path, linear_files):
    weights = tmp_path / "two.npz"
    np.savez(weights, **{"w:dense1": np.ones((4, 8)), "w:dense2": np.ones((3, 4))})
    options = ["--net", "mlp", "--norm", "active", "--batch", "1"]
    assert "batch norm over a single value" in refused((str(weights), linear_files[1]), *options)
