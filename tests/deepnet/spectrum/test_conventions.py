"""What a file of weights leaves open: the shortcut, the words of the heading, labels from 1."""

from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deepnet import ops
from deepnet.nets.initialise import initialise
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import NoNorm
from deepnet.nets.resnet import resnet
from deepnet.nets.shortcut import SHORTCUTS
from deepnet.spectrum.command import main
from deepnet.spectrum.conventions import conventions, heading
from deepnet.spectrum.families import FAMILIES, NETS, RESIDUAL
from deepnet.spectrum.nets import NORMS
from deepnet.spectrum.subject import Subject
from deepnet.vectors import to_pytorch
from tests.close import rounded
from tests.deepnet.spectrum.asking import OPEN, asked, found, refused, saved, values
from tests.paths import SHARED

CASES = SHARED / "cases"
FEW = ["--norm", "active", "--top", "1", "--bottom", "0", "--products", "2"]


def built(net, **options):
    if net == "mlp":
        return mlp([5, 4, 3])
    return FAMILIES[net].build(width=1 / 32, **options)


def subject(net, norm, shortcut, activation=None):
    unread = {"weights": "W.npz", "data": "D.npz", "smoothing": 0.0, "batch": None}
    how = {"recompute": False, "dtype": "float64", "device": "cpu"}
    given = {"eps": 1.23456e-05, "activation": activation, "shortcut": shortcut}
    return Subject(net=net, width=Fraction(1, 32), norm=norm, **given, **unread, **how)


# ----- The heading and the JSON -----


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("net", NETS)
def test_the_heading_says_all_conventions_in_short_lines(net, norm):
    for kind in SHORTCUTS if net in RESIDUAL else (None,):
        options = {"shortcut": kind} if kind else {}
        row = conventions(subject(net, norm, kind), built(net, **options))
        assert list(row) == OPEN
        counts = {"parameters": 15_245_130, "examples": 1_000_000, "dtype": "float64"}
        first, *lines = heading(
            {"net": net, **row, **counts, "classes": 1000, "empty_classes": 999}
        ).splitlines()
        assert first.startswith(f"net {net}, ")
        assert max(map(len, (first, *lines))) <= 80
        said = {line[:15].strip(): line[15:] for line in lines}
        assert list(said) == [n for n in OPEN if row[n] is not None and n != "eps"] + ["classes"]
        assert said["norm"] == norm + ("" if norm == "none" else ", eps 1.23456e-05")
        assert said["classes"] == "1000, 999 of them without an example"
        assert all(said[n].startswith(str(row[n])) for n in said if n in OPEN)
        assert (row["statistics"] == "as the file gives them") == ("frozen" in norm)
        assert row["shortcut"] == kind


@pytest.mark.parametrize("net", FAMILIES)
def test_padding_and_pooling_are_what_the_net_computes(monkeypatch, net):
    options = {"shortcut": "option-a"} if net in RESIDUAL else {}
    here = built(net, activation=ops.tanh, **options)
    pads, pools = set(), set()

    def conv(x, w, stride, pad, plain=ops.conv):
        if w.shape[1] > 1:
            pads.add(pad)
        return plain(x, w, stride=stride, pad=pad)

    def pool(word, x, size, plain):
        pools.add(word)
        return plain(x, size=size)

    monkeypatch.setattr(ops, "conv", conv)
    monkeypatch.setattr(ops, "max_pool", partial(pool, "maximum", plain=ops.max_pool))
    monkeypatch.setattr(ops, "average_pool", partial(pool, "mean", plain=ops.average_pool))
    weights = initialise(here, np.random.default_rng(0))
    here.forward(weights, np.ones((1, 32, 32, 3), np.float32), NoNorm())
    row = conventions(subject(net, "none", None), here)
    assert pads == {row["padding"]}
    assert pools == {word for word in ("maximum", "mean") if word in row["pooling"]}


def test_the_activation_is_the_given_one_or_the_source_s():
    says = {net: conventions(subject(net, "none", None), built(net))["activation"] for net in NETS}
    assert says.pop("page") == says.pop("mlp") == "softplus:10"
    assert set(says.values()) == {"relu"}
    row = conventions(subject("page", "none", None, "tanh"), built("page"))
    assert row["activation"] == "tanh"


# ----- The shortcut -----


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


RESNET = ["--net", "resnet14", "--width", "1/16"]


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


# ----- Labels -----


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(labels=st.lists(st.integers(0, 2), min_size=1, max_size=5), column=st.booleans())
def test_empty_classes_are_counted(capsys, tmp_path, labels, column):
    rng = np.random.default_rng(0)
    y = np.array(labels)[:, None] if column else np.array(labels)
    x = rng.normal(size=(len(y), 2))
    weights = rng.normal(size=(3, 2))
    path = saved(tmp_path, "F.npz", w__dense1=weights, x=x, y=y)
    options = ["--net", "mlp", "--norm", "none", "--top", "1", "--bottom", "0"]
    row = found(capsys, (path, path), *options)
    assert (row["classes"], row["empty_classes"]) == (3, 3 - len(set(labels)))
    z = x @ weights.T
    assert rounded(row["loss"], np.mean(np.log(np.exp(z).sum(1)) - z[np.arange(len(y)), labels]))


@pytest.mark.parametrize("lowest, says", [(1, True), (0, False)])
def test_labels_from_one_are_said(capsys, tmp_path, lowest, says):
    rng = np.random.default_rng(0)
    y = np.repeat(np.arange(lowest, 4), 2)
    path = saved(
        tmp_path, "F.npz", w__dense1=rng.normal(size=(4, 2)), x=rng.normal(size=(len(y), 2)), y=y
    )
    options = ["--net", "mlp", "--norm", "none", "--top", "1", "--bottom", "0"]
    assert main(asked((path, path), *options)) == 0
    printed = capsys.readouterr()
    line = (
        "deepnet: no example has the label 0, and each of 1 to 3 has one; if labels begin at 1, "
        "subtract 1\n"
    )
    assert printed.err == (line if says else "")
    assert ("classes        4, 1 of them without an example\n" in printed.out) == says


def test_labels_beyond_the_classes_say_how_to_mend(tmp_path, linear_files):
    with np.load(linear_files[1]) as file:
        arrays = {name: file[name] for name in file.files}
    mend = "; if yours begin at 1, subtract 1"
    for shift in (1, 2):
        y = arrays["y"] + shift
        files = linear_files[0], saved(tmp_path, f"{shift}.npz", x=arrays["x"], y=y)
        says = refused(files, "--net", "mlp", "--norm", "none")
        assert f"has the label {y[y > 2][0]}; labels are 0 to 2" in says
        assert says.endswith(mend) == (shift == 1)
