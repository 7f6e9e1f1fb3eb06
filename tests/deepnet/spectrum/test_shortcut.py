"""The shortcut of a residual net is given, or the weights tell it. Cases have PyTorch's numbers."""

import numpy as np
import pytest

from deepnet.nets.initialise import initialise
from deepnet.nets.resnet import resnet
from deepnet.vectors import to_pytorch
from tests.close import rounded
from tests.deepnet.spectrum.asking import found, refused, saved, values
from tests.paths import SHARED

CASES = SHARED / "cases"
FEW = ["--norm", "active", "--top", "1", "--bottom", "0", "--products", "2"]
RESNET = ["--net", "resnet14", "--width", "1/16"]


@pytest.fixture
def residual_files(tmp_path):
    """The files of residual nets by the kind of their shortcut."""
    rng = np.random.default_rng(7)
    data = saved(tmp_path, "D.npz", x=rng.normal(size=(4, 3, 8, 8)), y=np.arange(4))

    def files(kind):
        net = resnet(14, 1 / 16, affine=True, shortcut=kind)
        weights = initialise(net, np.random.default_rng(0), dtype="float64")
        arrays = {f"w:{name}": to_pytorch(w) for name, w in weights.items()}
        for layer in net.normed:
            c = net.shapes[layer][0]
            arrays |= {f"mean:{layer}": np.zeros(c), f"var:{layer}": np.ones(c)}
        return saved(tmp_path, f"{kind}.npz", **arrays), data

    return files


def test_the_shortcut_is_the_given_one_or_the_one_that_the_weights_tell(capsys, residual_files):
    files = residual_files("pool")
    rows = {
        kind: found(capsys, files, *RESNET, *FEW, "--shortcut", kind, code=1)
        for kind in ("pool", "option-a")
    }
    assert [row["shortcut"] for row in rows.values()] == ["pool", "option-a"]
    assert rows["pool"]["loss"] != rows["option-a"]["loss"]
    default = found(capsys, files, *RESNET, *FEW, code=1)
    assert default["loss"] == rows["pool"]["loss"] and default["shortcut"] == "pool"
    told = found(capsys, residual_files("projection"), *RESNET, *FEW, code=1)
    assert told["shortcut"] == "projection"
    assert told["parameters"] == resnet(14, 1 / 16, affine=True, shortcut="projection").parameters


def test_a_projection_is_frozen_at_statistics_of_its_own(capsys, tmp_path, residual_files):
    weights, data = residual_files("projection")
    frozen = [*RESNET, "--norm", "frozen", *FEW[2:]]
    before = found(capsys, (weights, data), *frozen, code=1)
    assert before["statistics"] == "as the file gives them"
    with np.load(weights) as file:
        arrays = dict(file)
    moved = arrays | {"mean:stage3_block1_shortcut": -np.ones(4)}
    np.savez(tmp_path / "moved.npz", **moved)
    after = found(capsys, (str(tmp_path / "moved.npz"), data), *frozen, code=1)
    assert after["loss"] != before["loss"]
    del arrays["var:stage2_block1_shortcut"]
    np.savez(tmp_path / "lacking.npz", **arrays)
    says = refused((str(tmp_path / "lacking.npz"), data), *frozen)
    assert "has no var:stage2_block1_shortcut; it has" in says


def test_a_shortcut_that_does_not_fit_is_refused(linear_files, residual_files):
    files = residual_files("projection")
    for kind in ("pool", "option-a"):
        says = refused(files, *RESNET, *FEW, "--shortcut", kind)
        assert "has w:stage2_block1_shortcut; give --shortcut projection" in says
    says = refused(residual_files("pool"), *RESNET, *FEW, "--shortcut", "projection")
    assert "has no w:stage2_block1_shortcut; give --shortcut pool or option-a" in says
    says = refused(linear_files, "--net", "mlp", "--norm", "none", "--shortcut", "pool")
    assert says == "net mlp has no --shortcut; it is for resnet14, resnet20, resnet32"
    assert "'option-b'" in refused(files, *RESNET, *FEW, "--shortcut", "option-b")


@pytest.mark.parametrize(
    "case, options, loss, top",
    [
        ("resnet14_option_a", [*RESNET, "--norm", "active"], 4.700334, 20.58731),
        (
            "resnet14_option_a",
            [*RESNET, "--norm", "active", "--shortcut", "option-a"],
            4.587742,
            7.860584,
        ),
        (
            "eps_of_keras",
            ["--net", "mlp", "--activation", "relu", "--norm", "frozen", "--eps", "1e-3"],
            1.594071158762,
            1.176859928,
        ),
    ],
)
def test_cases_have_the_numbers_of_pytorch(capsys, case, options, loss, top):
    path = CASES / f"{case}.npz"
    if not path.exists():
        pytest.skip("no cases beside the repository")
    row = found(capsys, (str(path), str(path)), *options, "--top", "1", "--bottom", "0")
    for number, printed in ((row["loss"], loss), (values(row["top"])[0], top)):
        decimals = len(str(printed).partition(".")[2])
        assert rounded(number, printed, decimals=decimals)
