"""Both ends of the spectrum, against fixtures, facts and plain algebra."""

import numpy as np
import pytest
from scipy.special import logsumexp

from deepnet.problem import Problem
from deepnet.spectrum.command import main
from tests.close import rounded
from tests.deepnet.device_cases import PASSES
from tests.deepnet.facts.facts_recipe import NORMS, SIZE, SMOOTHING
from tests.deepnet.spectrum.asking import asked, found, refused, saved, values
from tests.deepnet.spectrum.linear import classifier
from tests.paths import PAGE_FACTS, SHARED

FIXTURES = SHARED / "fixtures"


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


@pytest.fixture
def mlp_files(tmp_path):
    """An MLP of two layers, its first layer's statistics, and nine examples."""
    rng = np.random.default_rng(2)
    arrays = {"w__dense1": rng.standard_normal((4, 3)), "w__dense2": rng.standard_normal((2, 4))}
    arrays |= {"mean__dense1": rng.standard_normal(4), "var__dense1": rng.uniform(0.5, 2, 4)}
    x, y = rng.standard_normal((9, 3)), rng.integers(0, 2, 9)
    return saved(tmp_path, "W.npz", **arrays), saved(tmp_path, "D.npz", x=x, y=y)


@pytest.mark.parametrize("eps", [1e-5, 0.1])
@pytest.mark.parametrize("norm", ["active", "frozen"])
def test_eps_is_the_one_that_is_given(capsys, mlp_files, norm, eps):
    options = [
        "--net",
        "mlp",
        "--activation",
        "relu",
        "--norm",
        norm,
        "--top",
        "1",
        "--bottom",
        "0",
    ]
    row = found(capsys, mlp_files, *options, "--eps", str(eps))
    with np.load(mlp_files[0]) as stored, np.load(mlp_files[1]) as data:
        h = data["x"] @ stored["w:dense1"].T
        frozen = (stored["mean:dense1"], stored["var:dense1"])
        mean, variance = frozen if norm == "frozen" else (h.mean(0), h.var(0))
        z = np.maximum((h - mean) / np.sqrt(variance + eps), 0) @ stored["w:dense2"].T
        loss = np.mean(logsumexp(z, axis=1) - z[np.arange(9), data["y"]])
    assert row["eps"] == eps
    assert rounded(row["loss"], loss, condition=PASSES)
    main(asked(mlp_files, *options, "--eps", str(eps)))
    assert f"norm           {norm}, eps {eps:g}\n" in capsys.readouterr().out


def test_the_last_batch_of_one_example_is_named(mlp_files):
    options = ["--net", "mlp", "--norm", "active", "--batch"]
    said = refused(mlp_files, *options, "4")
    assert said.startswith("the last of 3 batches has 1 example")
    assert said.endswith("give another --batch")
    said = refused(mlp_files, *options, "1")
    assert said == "batch norm over a single value: give it two examples or pixels"


@pytest.mark.parametrize("smoothing", [0, 0.3])
def test_a_linear_classifier_has_the_textbook_hessian(capsys, linear_files, smoothing):
    options = ["--net", "mlp", "--norm", "none", "--smoothing", str(smoothing)]
    row = found(capsys, linear_files, *options, "--top", "18", "--bottom", "9")
    loss, length, spectrum = classifier(linear_files, smoothing)
    assert row["parameters"] == 27
    assert rounded([row["loss"], row["grad_norm"]], [loss, length], condition=PASSES)
    assert rounded(values(row["top"]), spectrum[::-1][:18], condition=PASSES)
    assert rounded(values(row["bottom"]), 0, 1)  # z may shift by any affine function of x


def test_a_classifier_of_zeros_repeats_each_eigenvalue(capsys, tmp_path, linear_files):
    """At zero weights the Hessian is a Kronecker product with I/3 - 11'/9, which has 1/3 twice."""
    zeros = {"w__dense1": np.zeros((3, 8)), "w__dense1_bias": np.zeros(3)}
    files = saved(tmp_path, "zeros.npz", **zeros), linear_files[1]
    row = found(capsys, files, "--net", "mlp", "--norm", "none", "--top", "7", "--bottom", "2")
    _, _, spectrum = classifier(files, 0)
    assert row["settled"] is row["certain"] is True
    assert rounded(values(row["top"]), spectrum[::-1][:7], condition=PASSES)
    assert rounded(spectrum[::-1][:6:2], spectrum[::-1][1:7:2], 1)  # each twice
    assert rounded(values(row["bottom"]), 0, 1)


def test_what_may_be_missing_is_said(capsys, page_files):
    options = ["--width", "1/64", "--norm", "none", "--top", "1", "--bottom", "0"]
    whole = found(capsys, page_files, *options)
    few = str(whole["products"] // 2 + 2)  # enough for the pair, not for the second search
    assert main(asked(page_files, *options, "--products", few)) == 1
    said = capsys.readouterr().err
    assert "an eigenvalue may still be missing" in said or "not settled" in said


def test_exit_codes_judge_the_residuals_that_are_printed(capsys, tmp_path):
    """float32 far from zero: Lanczos stops at rounding, which is far above the tolerance."""
    rng = np.random.default_rng(0)
    weights = saved(
        tmp_path, "W.npz", w__dense1=rng.normal(size=(6, 8)), w__dense1_bias=np.zeros(6),
        w__dense2=rng.normal(size=(3, 6)), w__dense2_bias=np.zeros(3),
    )  # fmt: skip
    x = 1e4 + rng.normal(size=(64, 2, 2, 2))
    data = saved(tmp_path, "D.npz", x=x, y=rng.integers(0, 3, 64))
    options = "--net mlp --activation relu --norm active --top 1 --bottom 1 --dtype float32"
    assert main(asked((weights, data), *options.split())) == 1
    assert "some residuals are above 0.001 |value|; try float64" in capsys.readouterr().err


def test_a_tolerance_below_rounding_is_not_met(capsys, linear_files):
    options = ["--net", "mlp", "--norm", "none", "--top", "2", "--bottom", "0", "--tolerance", "0"]
    assert main(asked(linear_files, *options)) == 1
    said = capsys.readouterr().err
    assert said.endswith("some residuals are above 0 |value|; give a larger --tolerance\n")


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
