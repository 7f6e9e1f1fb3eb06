"""The choice of a device, and what is said where it cannot be used; experiments on a stand-in."""

import json
import re
from functools import partial
from types import ModuleType, SimpleNamespace
from unittest.mock import patch

import numpy as np
import pytest

from companion.errors import UsageError
from companion.scale import Scale
from deepnet import device as devices
from deepnet.backend import array_module
from deepnet.experiments import command
from deepnet.experiments.experiment import experiments
from deepnet.experiments.runner import Job
from deepnet.nets.initialise import initialise
from deepnet.nets.mlp import mlp
from deepnet.ops import gpu, hot
from deepnet.ops.gpu.precision import VARIABLE, precision
from deepnet.spectrum.command import main as spectrum
from tests.close import rounded
from tests.deepnet.device_cases import PASSES
from tests.deepnet.stand_in import fake_streams, strict_cupy


def cupy_that(available=True, **runtime):
    """A module cupy whose CUDA says this."""
    found = ModuleType("cupy")
    functions = {name: partial(int, value) for name, value in runtime.items()}
    found.cuda = SimpleNamespace(
        is_available=lambda: available, runtime=SimpleNamespace(**functions)
    )
    return found


def refusal(module):
    with strict_cupy.imported("cupy", module), pytest.raises(UsageError) as caught:
        devices.tried("gpu")
    line = str(caught.value)
    assert "\n" not in line and line.startswith("--device gpu: ")
    return line


# ----- What is said -----


def test_the_cpu_needs_nothing():
    with strict_cupy.imported("cupy", None):
        for name in ("auto", "cpu"):
            devices.tried(name)
            assert devices.to_device(name)(x := np.ones(2)) is x
            assert devices.facts(name) == {"device": "cpu"}


def test_cupy_is_absent():
    line = refusal(None)
    assert "CuPy" in line and "cuda12" in line


@pytest.mark.parametrize(
    "runtime, said",
    [
        ({"driverGetVersion": 0, "runtimeGetVersion": 13020}, "no NVIDIA driver"),
        (
            {"driverGetVersion": 12040, "runtimeGetVersion": 13020},
            "knows CUDA 12.4, .*cupy-cuda12x",
        ),
        ({"driverGetVersion": 13020, "runtimeGetVersion": 13000}, "CUDA_VISIBLE_DEVICES"),
    ],
)
def test_there_is_no_device(runtime, said):

    assert re.search(said, refusal(cupy_that(available=False, **runtime)))


def of_cupy(name, text, base=RuntimeError):
    kind = type(name, (base,), {"__module__": "cupy_backends.cuda.api.runtime"})
    return kind(text)


@pytest.mark.parametrize(
    "error, said",
    [
        (strict_cupy.OutOfMemoryError("Out of memory allocating 512 bytes"), "width=1/4"),
        (of_cupy("CUDARuntimeError", "cudaErrorMemoryAllocation: out of memory"), "lower batch"),
        (
            ImportError("libcublasLt.so.13: cannot open shared object file"),
            r"libcublasLt .*\[ctk\]",
        ),
        (RuntimeError("CuPy failed to load libnvrtc.so.12"), r"libnvrtc .*\[ctk\]"),
        (
            of_cupy("CompileException", 'could not open source file "cuda_fp16.h" (no directory)'),
            r"headers are not found \(cuda_fp16.h\).*\[ctk\]",
        ),
        (RuntimeError("Failed to find CUDA headers"), "headers"),
        (of_cupy("CUDARuntimeError", "cudaErrorIllegalAddress"), "nvidia-smi"),
    ],
)
def test_what_cupy_raises_becomes_one_line(error, said):
    with pytest.raises(UsageError, match=said) as caught, devices.explained():
        raise error
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("error", [ValueError("a"), MemoryError(), KeyError("x"), ImportError("y")])
def test_other_errors_pass(error):
    with pytest.raises(type(error)) as caught, devices.explained():
        raise error
    assert caught.value is error


def test_a_precision_that_is_none_is_refused(monkeypatch):
    assert precision() == "fp32"
    monkeypatch.setenv(VARIABLE, "tf32")
    assert precision() == "tf32"
    monkeypatch.setenv(VARIABLE, "fp8")
    with pytest.raises(UsageError, match="DEEPNET_PRECISION='fp8'"):
        precision()


# ----- The real CuPy, with a GPU or without -----


@pytest.fixture
def cupy():
    return pytest.importorskip("cupy", reason="needs CuPy")


def test_what_the_stand_in_has_cupy_has(cupy):
    for name in strict_cupy.FUNCTIONS:
        assert hasattr(cupy, name), name
    for name in strict_cupy.METHODS:
        assert hasattr(cupy.ndarray, name), name
    for name in strict_cupy.LINEAR_ALGEBRA:
        assert hasattr(cupy.linalg, name), name
    assert hasattr(cupy.lib.stride_tricks, "as_strided")
    assert issubclass(cupy.cuda.memory.OutOfMemoryError, MemoryError)
    for name in ("getDeviceProperties", "runtimeGetVersion", "driverGetVersion"):
        assert hasattr(cupy.cuda.runtime, name)
    for name in strict_cupy.STREAMS:
        ours, theirs = getattr(fake_streams, name), getattr(cupy.cuda, name)
        methods = set(vars(ours)) & strict_cupy.OF_STREAMS if isinstance(ours, type) else ()
        assert all(hasattr(theirs, method) for method in methods), name
    assert cupy.cuda.Device.id
    assert issubclass(cupy.cuda.runtime.CUDARuntimeError, RuntimeError)
    assert hasattr(cupy.cuda.Device, "mem_info")
    for name in ("used_bytes", "free_bytes", "get_limit"):
        assert hasattr(cupy.get_default_memory_pool(), name)


def test_the_arrays_of_the_real_cupy_take_the_gpu_s_functions(cupy):
    assert array_module(np.ones(1)) is np
    assert cupy.ndarray.__module__.partition(".")[0] == "cupy"
    like = SimpleNamespace(dtype=np.dtype("float32"))
    with patch.object(hot, "on_host", lambda _: False):
        assert hot._stand_in(like, "moments") is gpu.moments
    cupy.RawModule(code="")  # nothing is compiled yet


def test_without_a_gpu_the_real_cupy_is_refused_in_one_line(cupy):
    if cupy.cuda.is_available():
        pytest.skip("there is a GPU")
    assert "give --device cpu" in refusal(cupy)
    with pytest.raises(UsageError, match="CUDA fails: cudaError"), devices.explained():
        cupy.zeros(3)


# ----- Commands and experiments, on the stand-in -----


def test_the_command_says_what_is_missing_before_it_works(tmp_path):
    with strict_cupy.imported("cupy", None), pytest.raises(UsageError, match="cuda12"):
        command.experiments_main(["--device", "gpu", "--out", str(tmp_path / "results")])
    assert not (tmp_path / "results").exists()


def test_a_result_names_its_device(device, device_results):
    chosen = experiments()["random_dense_nets"]
    found = Job(chosen, Scale.TINY, "textures", 0, device_results, device="gpu").result()
    assert found.facts["device"] == "gpu: stand-in"
    assert found.facts["gpu"]["convolutions"] == "cuBLAS, by columns"


@pytest.mark.parametrize("more", [[], ["--density", "--steps", "4", "--probes", "2"]])
def test_the_spectrum_of_one_s_own_weights(device, tmp_path, capsys, more):
    net = mlp([5, 4, 3], bias=True)
    rng = np.random.default_rng(0)
    weights = {f"w:{name}": w for name, w in initialise(net, rng, dtype="float64").items()}
    np.savez(tmp_path / "W.npz", **weights)
    np.savez(tmp_path / "D.npz", x=rng.normal(size=(7, 5)), y=rng.integers(0, 3, 7))
    files = ["--weights", str(tmp_path / "W.npz"), "--data", str(tmp_path / "D.npz")]
    words = ["--net", "mlp", *files, "--norm", "active", "--activation", "tanh", "--json"]
    found = []
    for name in ("cpu", "gpu"):
        many = [] if more else ["--top", "2", "--bottom", "1"]
        assert spectrum([*words, *many, *more, "--device", name]) == 0
        found.append(json.loads(capsys.readouterr().out))
    here, there = found
    assert rounded(there["loss"], here["loss"], condition=PASSES)
    if not more:
        for ours, hosts in zip(there["top"], here["top"], strict=True):
            assert rounded(ours["value"], hosts["value"], condition=PASSES)
    else:
        assert rounded(there["trace"]["mean"], here["trace"]["mean"], condition=PASSES)


def test_a_full_memory_is_named(device, tmp_path):
    def full(*_):
        raise strict_cupy.OutOfMemoryError("Out of memory allocating 1 bytes")

    chosen = experiments()["random_dense_nets"]
    job = Job(chosen, Scale.TINY, "textures", 0, tmp_path, device="gpu")
    with patch.object(strict_cupy.cupy, "asarray", full), pytest.raises(UsageError, match="lower"):
        job.result()
