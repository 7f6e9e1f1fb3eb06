"""The GPU's kernels: their source compiles, and each does what the plain form does."""

import inspect
import shutil
import subprocess
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepnet.ops import gpu
from deepnet.ops.gpu import launch
from tests.close import rounded
from tests.deepnet.ops.hot_cases import HOT_ON_GPU, alike, arguments
from tests.deepnet.stand_in import strict_cupy
from tests.deepnet.stand_in.emulated import compiler

#: Of a library of CUDA's, but for "product" where a graph is captured: see ``test_graphs``.
BY_LIBRARY = {"correlate", "product", "pull_input", "pull_weight"}
emulates = pytest.mark.skipif(compiler() is None, reason="no compiler of C++ to emulate kernels")


#: BLOCK, THREADS and PIXELS: so few threads that each has many numbers, and more than there are.
SHAPES = [(256, 1 << 18, 4), (4, 24, 1), (2, 5, 3)]


def there(arrays):
    return [strict_cupy.asarray(a) if isinstance(a, np.ndarray) else a for a in arrays]


@emulates
@pytest.mark.parametrize("name", sorted(HOT_ON_GPU.keys() - BY_LIBRARY))
@settings(max_examples=30)
@given(
    shape=st.sampled_from(SHAPES),
    seed=st.integers(0, 2**32 - 1),
    dtype=st.sampled_from(["float32", "float64"]),
    layout=st.sampled_from(["plain", "strided"]),
    n=st.integers(1, 9),
    size=st.integers(1, 3),
    c=st.integers(1, 9),
)
def test_a_kernel_does_what_the_plain_form_does(shape, name, seed, dtype, layout, n, size, c):
    arrays, attrs = arguments(name, np.random.default_rng(seed), dtype, layout, n, size, c)
    block, threads, pixels = shape
    with strict_cupy.standing_in(), patch.multiple(
        launch, BLOCK=block, THREADS=threads, PIXELS=pixels
    ):  # fmt: skip
        fast = getattr(gpu, name)(*there(arrays), **attrs)
    plain = HOT_ON_GPU[name].plain(*arrays, **attrs)
    results = [each if isinstance(each, tuple) else (each,) for each in (fast, plain)]
    for fast, plain in zip(*results, strict=True):
        if np.asarray(plain).dtype == np.uint8:
            assert np.array_equal(fast.get(), plain)
        else:
            given = [np.abs(a).max() for a in (*arrays, plain) if np.size(a) and np.ndim(a)]
            assert rounded(*alike(fast.get(), np.asarray(plain)), 1 + max(given) ** 3)


@emulates
def test_what_kernels_do_not_serve(device):
    x, double = there([np.ones((2, 4, 4, 3), "f4"), np.ones((2, 4, 4, 3))])
    assert gpu.times_slope(x, double) is NotImplemented  # of two types
    assert gpu.times_slope(x, double[:1]) is NotImplemented
    assert gpu.jacobian(x[:0], x[0, 0, 0], x[:0]) is NotImplemented  # empty
    assert gpu.softmax(x, x) is NotImplemented
    assert gpu.maxima(x[:0], 2) is NotImplemented


@emulates
def test_nan_and_infinity_are_kept(device):
    (x,) = there([np.array([[np.nan, np.inf, -np.inf]], np.float32)])
    y, slope = (each.get() for each in gpu.softplus_and_slope(x, beta=10.0))
    assert np.isnan(y[0, 0]) and np.isnan(slope[0, 0])
    assert y[0, 1] == np.inf and slope[0, 1] == 1
    assert y[0, 2] == 0 and slope[0, 2] == 0


@pytest.mark.parametrize("n, channels", [(1, 1), (12, 3), (3 * 10**9, 6), (96, 96), (7 * 512, 512)])
def test_a_sweep_is_whole_pixels_and_no_more_than_there_are(n, channels):
    threads = launch.sweep(n, channels)
    assert threads % channels == 0
    assert channels <= threads <= min(n, max(channels, launch.THREADS))


def test_each_has_the_signature_of_its_plain_form():
    assert set(gpu.__all__) == set(HOT_ON_GPU)
    for name, function in HOT_ON_GPU.items():
        plain = list(inspect.signature(function.plain).parameters)
        assert list(inspect.signature(getattr(gpu, name)).parameters) == plain


def test_the_source_compiles_by_nvrtc():
    pytest.importorskip("cupy", reason="needs CuPy")
    nvrtc = pytest.importorskip("cupy_backends.cuda.libs.nvrtc")
    from cupy.cuda import compiler as compilers

    try:
        nvrtc.getVersion()
    except (ImportError, RuntimeError) as error:
        pytest.skip(f"no NVRTC: {error}")
    instances = tuple(launch.expressions())
    program = compilers._NVRTCProgram(launch.source(), "kernels.cu", name_expressions=instances)
    code, names = program.compile(("-arch=sm_80", *launch.OPTIONS))
    assert len(code) > 10_000
    assert set(names) == set(instances)


@pytest.mark.landing
def test_the_source_compiles_by_nvcc(tmp_path):
    nvcc = shutil.which("nvcc")
    if nvcc is None:
        pytest.skip("no nvcc")
    whole = launch.source() + "".join(
        f"auto instance_{i} = &{each};\n" for i, each in enumerate(launch.expressions())
    )
    path = tmp_path / "kernels.cu"
    path.write_text(whole)
    words = [nvcc, "-arch=sm_90", "-cubin", "-Xptxas", "-v", "-o", tmp_path / "kernels.cubin", path]
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "sums" in done.stderr
    assert not [line for line in done.stderr.splitlines() if "spill" in line and " 0 bytes spill"
                not in line]  # fmt: skip
