"""``python -m deepnet spectrum``: one's own weights, against fixtures, facts and plain algebra."""

import json
import pickle
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from companion.errors import UsageError
from deepnet import __main__ as room
from deepnet.nets.initialise import initialise
from deepnet.nets.mlp import deep_linear
from deepnet.nets.page import page
from deepnet.nets.resnet import resnet
from deepnet.problem import Problem
from deepnet.spectrum.command import main
from deepnet.vectors import to_pytorch
from tests.close import rounded
from tests.deepnet.device_cases import PASSES
from tests.deepnet.facts.facts_recipe import NORMS, SIZE, SMOOTHING, draw
from tests.deepnet.facts.nets_recipe import CASES
from tests.deepnet.facts.nets_recipe import NORMS as NORMS_OF_NETS
from tests.deepnet.facts.nets_recipe import draw as draw_net
from tests.deepnet.spectrum.linear import asked, classifier, saved
from tests.paths import NETS_FACTS, PAGE_FACTS, SHARED

FIXTURES = SHARED / "fixtures"
KEYS = ["net", "norm", "parameters", "examples", "loss", "grad_norm", "top", "bottom"]
KEYS += ["products", "dtype", "seconds"]


@pytest.fixture
def page_files(tmp_path):
    """The recipe's net and data as a user would save them."""
    recipe = draw()
    return saved(tmp_path, "W.npz", **arrays_of(recipe)), saved(
        tmp_path, "D.npz", x=recipe.x, y=recipe.y
    )


def arrays_of(recipe):
    """A recipe's weights and statistics under the command's names."""
    arrays = {f"w:{name}": weight for name, weight in recipe.weights.items()}
    for name, (mean, variance) in recipe.statistics.items():
        arrays |= {f"mean:{name}": mean, f"var:{name}": variance}
    return arrays


def found(capsys, files, *options, code=0):
    assert main(asked(files, *options, "--json")) == code
    printed = capsys.readouterr()
    assert printed.out.count("\n") == 1
    row = json.loads(printed.out)
    assert list(row) == KEYS
    return row


def values(pairs):
    return [pair["value"] for pair in pairs]


# --- numbers ---


@pytest.mark.landing
@pytest.mark.parametrize("name, norm", [("bn", "active"), ("frozen", "frozen"), ("nobn", "none")])
def test_the_fixtures_are_reproduced(capsys, name, norm):
    path = FIXTURES / f"page_{name}.npz"
    if not path.exists():
        pytest.skip("no fixtures beside the repository")
    options = "--net page --width 1/32 --activation softplus:10:2.5 --smoothing 0.5 --top 5"
    row = found(capsys, (str(path), str(path)), *options.split(), "--norm", norm)
    with np.load(path, allow_pickle=False) as fixture:
        assert row["parameters"], row["examples"] == (4750, 32)
        assert rounded(row["loss"], fixture["loss"], condition=PASSES)
        assert rounded(row["grad_norm"], fixture["grad_norm"], condition=PASSES)
        assert rounded(values(row["top"]), fixture["top5"], condition=PASSES)
        assert rounded(values(row["bottom"]), fixture["bottom5"], condition=PASSES)


@pytest.mark.parametrize("norm", NORMS)
def test_the_facts_are_reproduced(capsys, page_files, norm):
    options = ["--width", "1/64", "--smoothing", str(SMOOTHING), "--top", "5", "--norm", norm]
    row = found(capsys, page_files, *options)
    facts = np.load(PAGE_FACTS, allow_pickle=False)
    assert (row["net"], row["norm"], row["parameters"]) == ("page", norm, SIZE)
    assert rounded(row["loss"], facts[f"{norm}:loss"], condition=PASSES)
    assert rounded(row["grad_norm"], facts[f"{norm}:grad"][0], condition=PASSES)
    assert rounded(values(row["top"]), facts[f"{norm}:top5"], condition=PASSES)
    assert rounded(values(row["bottom"]), facts[f"{norm}:bottom5"], condition=PASSES)
    residuals = [pair["residual"] for pair in row["top"] + row["bottom"]]
    assert np.all(residuals <= 1e-8 * np.abs(values(row["top"] + row["bottom"])))


@pytest.mark.parametrize("norm", NORMS_OF_NETS)
@pytest.mark.parametrize("net", CASES)
def test_every_net_has_the_facts_of_its_name(capsys, tmp_path, net, norm):
    recipe = draw_net(net)
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


@pytest.mark.parametrize("smoothing", [0, 0.3])
def test_a_linear_classifier_has_the_textbook_hessian(capsys, linear_files, smoothing):
    options = ["--net", "mlp", "--norm", "none", "--smoothing", str(smoothing)]
    row = found(capsys, linear_files, *options, "--top", "18", "--bottom", "9")
    loss, length, spectrum = classifier(linear_files, smoothing)
    assert row["parameters"] == 27
    assert rounded([row["loss"], row["grad_norm"]], [loss, length], condition=PASSES)
    assert rounded(values(row["top"]), spectrum[::-1][:18], condition=PASSES)
    assert rounded(values(row["bottom"]), 0, 1)  # z may shift by any affine function of x


def test_batches_have_statistics_of_their_own(capsys, page_files):
    options = ["--width", "1/64", "--top", "1", "--bottom", "0"]

    def both(norm):
        whole = found(capsys, page_files, *options, "--norm", norm)
        return whole, found(capsys, page_files, *options, "--norm", norm, "--batch", "3")

    whole, parts = both("none")
    assert rounded(parts["loss"], whole["loss"], condition=PASSES)
    assert rounded(values(parts["top"]), values(whole["top"]), condition=PASSES)
    whole, parts = both("active")
    assert not rounded(parts["loss"], whole["loss"], condition=PASSES)


@pytest.mark.parametrize("recompute, passes", [([], 1), (["--recompute"], 12)])
def test_recomputed_batches_are_not_kept(capsys, monkeypatch, page_files, recompute, passes):
    plain, linearised = Problem.linearise, []
    monkeypatch.setattr(Problem, "linearise", lambda *args: linearised.append(1) or plain(*args))
    options = ["--width", "1/64", "--norm", "none", "--products", "10", "--batch", "4", *recompute]
    found(capsys, page_files, *options, "--top", "1", code=1)
    assert len(linearised) == 2 * passes  # for loss, gradient and ten products


def test_float32_agrees_to_its_precision(capsys, page_files):
    options = ["--width", "1/64", "--norm", "none", "--top", "3", "--bottom", "2"]
    rows = [found(capsys, page_files, *options, "--dtype", each) for each in ("float64", "float32")]
    assert [row["dtype"] for row in rows] == ["float64", "float32"]
    exact, single = (row["top"] + row["bottom"] for row in rows)
    rounding = 100 * np.finfo("float32").eps * max(np.abs(values(exact)))
    residuals = np.array([pair["residual"] for pair in single])
    assert np.all(np.abs(np.subtract(values(exact), values(single))) <= residuals + rounding)


def test_text_for_people(capsys, linear_files):
    assert main(asked(linear_files, "--net", "mlp", "--norm", "none", "--top", "2")) == 0
    printed = capsys.readouterr()
    assert "net mlp, norm none, 27 parameters, 20 examples, float64" in printed.out
    assert printed.out.count("top ") == 2
    assert printed.out.count("bottom ") == 5


def test_too_few_products_are_a_failure_that_says_so(capsys, page_files):
    options = ["--width", "1/64", "--norm", "active", "--top", "3", "--products", "10", "--json"]
    assert main(asked(page_files, *options)) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)["products"] == 10
    assert "not settled after 10 products" in printed.err


def test_the_room_knows_the_command(capsys, linear_files):
    assert room.main(["spectrum", *asked(linear_files, "--net", "mlp", "--norm", "none")]) == 0
    assert "27 parameters" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    assert "w:<layer>" in capsys.readouterr().out


# --- bad input is one line ---


def refused(files, *options):
    with pytest.raises(UsageError) as caught:
        main(asked(files, *options))
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    "options, says",
    [
        ("--norm active", "w:prep of .* has 1 filters, .* has 64; give --width 1/64"),
        ("--width 1/64", "--norm"),
        ("--width 1/64 --norm ghost", "ghost"),
        ("--width 0 --norm none", "width '0' is no width"),
        ("--width 1/0 --norm none", "width '1/0' is no width"),
        ("--width wide --norm none", "width 'wide' is no width"),
        ("--width 1/64 --norm none --net resnet", "resnet"),
        ("--width 1/64 --norm none --activation reul", "nearest is 'relu'"),
        ("--width 1/64 --norm none --activation softplus", "give relu, softplus:10"),
        ("--width 1/64 --norm none --activation softplus:-1", "give relu, softplus:10"),
        ("--width 1/64 --norm none --activation softplus:a:b", "give relu, softplus:10"),
        ("--width 1/64 --norm none --activation softplus:10:nan", "give relu, softplus:10"),
        ("--width 1/64 --norm none --activation relu:2", "give relu, softplus:10"),
        ("--width 1/64 --norm none --activation linear", "linear is for --net mlp"),
        ("--width 1/64 --norm none --top -1", "--top -1 is out of range"),
        ("--width 1/64 --norm none --top 0 --bottom 0", "give 1 to 1241"),
        ("--width 1/64 --norm none --top 1240", "asks for 1245 of 1241"),
        ("--width 1/64 --norm none --products 15", "--products 15 are too few for 15"),
        ("--width 1/64 --norm none --smoothing nan", "--smoothing nan is out of range"),
        ("--width 1/64 --norm none --tolerance -1", "--tolerance -1.0 is out of range"),
        ("--width 1/64 --norm none --batch 0", "--batch 0 is out of range"),
        ("--width 1/64 --norm none --dtype float16", "float16"),
        ("--norm none --net mlp", "has no w:dense1"),
    ],
)
def test_bad_options(page_files, options, says):
    assert re.search(says, refused(page_files, *options.split()))


@pytest.mark.parametrize(
    "change, says",
    [
        ({"w:layer2": None, "w:layer3": None}, "has no w:layer2, w:layer3; it has w:prep"),
        (
            {"w:layer2": np.zeros((4, 2, 3, 2))},
            "w:layer2 of .* shape .4, 2, 3, 2., not .4, 2, 3, 3",
        ),
        ({"w:layer2": np.full((4, 2, 3, 3), np.nan)}, "w:layer2 of .* has nan or inf in float64"),
        ({"w:layer2": np.full((4, 2, 3, 3), "a")}, "w:layer2 of .* of type <U1"),
        ({"w:layer2": np.full((4, 2, 3, 3), 1j)}, "w:layer2 of .* of type complex128"),
        ({"w:layer2": np.array([{}], object)}, "w:layer2 of .* pickled object, which is never"),
        ({"w:shortcut": np.zeros(2)}, "has w:shortcut, but net page only w:prep"),
        ({"w:prep": np.zeros((1, 3, 3))}, "w:prep of .* has shape .1, 3, 3., not .1, 3, 3, 3"),
        ({"w:prep": np.array(1.0)}, r"w:prep of .* has shape \(\), not .1, 3, 3, 3"),
        ({"mean:prep": None}, "has no mean:prep; it has"),
        ({"var:prep": np.array([-1.0])}, "var:prep of .* is negative"),
        ({"var:prep": np.ones(2)}, r"var:prep of .* has shape \(2,\), not \(1,\)"),
        ({"w:prep": np.full((1, 3, 3, 3), 1e300)}, "nan or inf in float32"),
        ({"w:classifier": np.full((10, 8, 1, 1), 1e38)}, "not finite; use other weights"),
    ],
)
def test_bad_weights(tmp_path, page_files, change, says):
    with np.load(page_files[0]) as file:
        arrays = dict(file) | change
    weights = tmp_path / "bad.npz"
    np.savez(weights, **{name: array for name, array in arrays.items() if array is not None})
    options = ["--width", "1/64", "--norm", "frozen"]
    if "float32" in says or "not finite" in says:
        options += ["--dtype", "float32"]
    assert re.search(says, refused((str(weights), page_files[1]), *options))


@pytest.mark.parametrize(
    "change, says",
    [
        ({"y": None}, "has no y; it has x"),
        ({"x": np.zeros((8, 32, 32, 3))}, r"x of .* \(8, 32, 32, 3\), not \(n, 3, 32, 32\)"),
        ({"x": np.zeros((0, 3, 32, 32)), "y": np.zeros(0, int)}, "n >= 1"),
        ({"x": np.full((8, 3, 32, 32), np.inf)}, "x of .* has nan or inf"),
        ({"y": np.arange(7)}, r"y of .* has shape \(7,\), not \(8,\)"),
        ({"y": np.arange(8.0)}, "y of .* of type float64; whole numbers"),
        ({"y": np.arange(8) + 3}, "y of .* has the label 10; labels are 0 to 9"),
        ({"y": np.arange(8) - 1}, "y of .* has the label -1; labels are 0 to 9"),
    ],
)
def test_bad_data(tmp_path, page_files, change, says):
    with np.load(page_files[1]) as file:
        arrays = dict(file) | change
    data = tmp_path / "bad.npz"
    np.savez(data, **{name: array for name, array in arrays.items() if array is not None})
    refusal = refused((page_files[0], str(data)), "--width", "1/64", "--norm", "none")
    assert re.search(says, refusal)


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
    recipe = draw_net(net)
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


class Bomb:
    """Unpickled, it would write a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_bad_files(tmp_path, page_files):
    options = ["--width", "1/64", "--norm", "none"]
    weights, data = page_files

    def says(path):
        assert refused((weights, str(path)), *options) == refused(
            (weights, str(path)), *options, "--json"
        )
        return refused((str(path), data), *options)

    assert "there is no file" in says(tmp_path / "absent.npz")
    assert "there is no file" in says(tmp_path)
    exploded = tmp_path / "exploded"
    pickled = tmp_path / "pickled.npz"
    pickled.write_bytes(pickle.dumps(Bomb(exploded)))
    assert "is not an .npz file" in says(pickled)
    hidden = tmp_path / "hidden.npz"
    np.savez(
        hidden, **{"w:prep": np.array([Bomb(exploded)]), "w:classifier": 1, "x": [1], "y": [0]}
    )
    assert "pickled object" in says(hidden)
    assert not exploded.exists()
    cut = tmp_path / "cut.npz"
    cut.write_bytes(Path(weights).read_bytes()[:5000])
    assert "is not an .npz file" in says(cut)
    damaged = tmp_path / "damaged.npz"
    with zipfile.ZipFile(damaged, "w") as archive:
        for name in ("w:prep", "w:classifier", "x", "y"):
            archive.writestr(f"{name}.npy", b"\x93NUMPY\x01\x00 nothing of the kind")
    assert "is damaged" in says(damaged)
