"""Convolutions by cuDNN: what the adapter asks for, and what it does where cuDNN says no."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepnet.ops import gpu
from deepnet.ops.convolution import convolve
from deepnet.ops.gpu import convolution
from deepnet.ops.gpu.cudnn import INEXACT, WORKSPACE, Case, Convolutions, convolutions, graph
from tests.close import rounded
from tests.deepnet.ops.hot_cases import HOT_ON_GPU, alike
from tests.deepnet.stand_in import fake_cudnn, strict_cupy
from tests.deepnet.stand_in.emulated import compiler

asarray = strict_cupy.asarray


@pytest.fixture
def library(device):
    """The adapter on the fake library; arrays are the stand-in's."""
    fake_cudnn.graphs.clear()
    library_ = Convolutions(fake_cudnn)
    with patch.object(convolution, "convolutions", lambda: library_):
        yield library_


@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**32 - 1),
    dtype=st.sampled_from(["float32", "float64"]),
    n=st.integers(1, 3),
    c=st.integers(1, 4),
    k=st.integers(1, 4),
    kernel=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    extra=st.tuples(st.integers(0, 5), st.integers(0, 5)),
    stride=st.integers(1, 3),
    pad=st.integers(0, 3),
)
def test_the_three_faces_are_those_of_the_plain_form(
    seed, dtype, n, c, k, kernel, extra, stride, pad
):
    rng = np.random.default_rng(seed)
    height, width = (size + more for size, more in zip(kernel, extra, strict=True))
    x, w = (rng.normal(size=s).astype(dtype) for s in ((n, height, width, c), (k, *kernel, c)))
    y = HOT_ON_GPU["correlate"].plain(x, w, stride, (pad,) * 4)
    g = rng.normal(size=y.shape).astype(dtype)
    library = Convolutions(fake_cudnn)
    with strict_cupy.standing_in(), patch.object(convolution, "convolutions", lambda: library):
        found = (
            gpu.correlate(asarray(x), asarray(w), stride, (pad,) * 4),
            gpu.pull_input(asarray(g), asarray(w), x.shape, stride, pad),
            gpu.pull_weight(asarray(g), asarray(x), w.shape, stride, pad),
        )
    expected = (
        y,
        HOT_ON_GPU["pull_input"].plain(g, w, x.shape, stride, pad),
        HOT_ON_GPU["pull_weight"].plain(g, x, w.shape, stride, pad),
    )
    terms = 1 + x.size * w.size * max(np.abs(each).max() for each in (x, w, g)) ** 2
    for ours, plain in zip(found, expected, strict=True):
        assert rounded(*alike(ours.get(), plain), terms)


def ones():
    return asarray(np.ones((2, 5, 5, 3), "f4")), asarray(np.ones((4, 3, 3, 3), "f4"))


@pytest.mark.parametrize("asked", ["fp32", "tf32"])
def test_engines_are_exact_unless_asked_and_never_of_another_result_each_time(
    library, monkeypatch, asked
):
    monkeypatch.setenv("DEEPNET_PRECISION", asked)
    x, w = ones()
    for _ in range(3):
        convolution.correlate(x, w, 1, (1,) * 4)
    (made,) = fake_cudnn.graphs  # a plan is made once
    assert "NONDETERMINISTIC" in made.deselected
    exact = {note for note in INEXACT if hasattr(fake_cudnn.numerical_note, note)}
    assert (exact <= set(made.deselected)) is (asked == "fp32")
    assert made.workspace == WORKSPACE
    assert made.calls[-1] == "build_plans"


def test_float64_is_computed_in_float64(library, monkeypatch):
    monkeypatch.setenv("DEEPNET_PRECISION", "tf32")
    x, w = (asarray(each.get().astype(float)) for each in ones())
    convolution.correlate(x, w, 1, (1,) * 4)
    assert set(fake_cudnn.graphs[0].types) == {"float64"}


@pytest.mark.skipif(compiler() is None, reason="no compiler of C++ to emulate kernels")
def test_bfloat16_is_rounded_to_the_nearest(library, monkeypatch):
    monkeypatch.setenv("DEEPNET_PRECISION", "bf16")
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(2, 5, 5, 3)).astype("f4"), rng.normal(size=(4, 3, 3, 3)).astype("f4")
    found = convolution.correlate(asarray(x), asarray(w), 1, (1,) * 4).get()
    nearest = []
    for array in (x, w):
        scale = 2.0 ** (np.floor(np.log2(np.abs(array))) - 7)
        nearest.append((np.rint(array / scale) * scale).astype("f4"))  # 8 significant bits
    plain = HOT_ON_GPU["correlate"].plain(*nearest, 1, (1,) * 4)
    assert rounded(*alike(found, plain), 30)
    bits = convolution._rounded(asarray(np.array([np.nan, np.inf, -0.0, 1.0], "f4"))).get()
    assert bits.tolist() == [0x7FC0, 0x7F80, 0x8000, 0x3F80]


def test_without_an_engine_columns_are_multiplied_and_one_line_says_so(
    library, monkeypatch, capsys
):
    monkeypatch.setenv("DEEPNET_PRECISION", "bf16")
    x, w = ones()
    with patch.object(fake_cudnn, "refused", [True]), patch.object(
        convolution, "_rounded", lambda array: array
    ):  # fmt: skip
        monkeypatch.delenv("DEEPNET_PLAIN", raising=False)
        found = [convolve(x, w, 1, 1) for _ in range(3)]
    assert np.array_equal(found[2].get(), convolve(np.ones((2, 5, 5, 3), "f4"), w.get(), 1, 1))
    lines = [line for line in capsys.readouterr().err.splitlines() if "no engine" in line]
    assert len(lines) == 1


def test_padding_that_differs_from_side_to_side_is_not_served(library):
    x, w = ones()
    assert convolution.correlate(x, w, 1, (1, 0, 1, 1)) is NotImplemented
    assert convolution.correlate(x, w, 1, (-1,) * 4) is NotImplemented


def test_without_cudnn_one_line_says_so(capsys):
    convolutions.cache_clear()
    with strict_cupy.imported("cudnn", None):
        assert convolutions() is None and convolutions() is None
    convolutions.cache_clear()
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("deepnet: no cuDNN") and "cuda12" in line


@pytest.mark.parametrize("face", ["fprop", "dgrad", "wgrad"])
@pytest.mark.parametrize("how", ["fp32", "tf32", "bf16", "fp64"])
@pytest.mark.parametrize("stride, pad, kernel", [(1, 1, 3), (2, 1, 3), (1, 0, 5), (1, 0, 1)])
def test_the_real_library_takes_the_graphs(face, how, stride, pad, kernel):
    real = pytest.importorskip("cudnn", reason="needs nvidia-cudnn-frontend")
    try:
        real.backend_version()
    except RuntimeError as error:
        pytest.skip(f"needs cuDNN's library: {error}")
    o = (16 + 2 * pad - kernel) // stride + 1
    x, w, y = (8, 16, 16, 6), (32, kernel, kernel, 6), (8, o, o, 32)
    made = graph(real, Case(face, x, w, y, stride, pad, how))
    n, h, width, c = {"fprop": y, "dgrad": x, "wgrad": w}[face]
    assert made.result.get_dim() == [n, c, h, width]
    assert made.result.get_stride() == [h * width * c, 1, width * c, c]
    assert all(hasattr(real.numerical_note, note) for note in (*INEXACT, "NONDETERMINISTIC"))
    for call in ("build_operation_graph", "create_execution_plans", "deselect_numeric_notes",
                 "deselect_workspace_greater_than", "check_support", "build_plans",
                 "get_workspace_size", "execute"):  # fmt: skip
        assert hasattr(made.graph, call)
    assert hasattr(real, "create_handle") and hasattr(real, "set_stream")
