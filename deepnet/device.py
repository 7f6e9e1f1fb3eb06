"""The device that --device names: how CuPy is found, and the error line where it fails.

CuPy is imported here and nowhere else, and only where the GPU is asked for. Everywhere else the
module of an array decides (``deepnet.backend``). An error is one line that says what to install or
to lower.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import numpy as np

from companion.advice import install
from companion.errors import UsageError
from deepnet.ops.gpu import precision

Array = Any
NAMES = ("auto", "cpu", "gpu")
INSTALL = f"{install('cuda12')} (or cuda13)"
#: What an experiment can do with less memory.
LOWER = "lower batch, examples or width, such as --set width=1/4"


def to_device(name: str) -> Callable[[Array], Array]:
    """A function that brings a host's array to the device ``name``.

    "auto" is the CPU, since the GPU has to be asked for. Raises UsageError where it cannot be used.
    """
    return usable_cupy().asarray if name == "gpu" else np.asarray


def facts(name: str) -> dict[str, Any]:
    """The entries that a result has on the device ``name``: its own name, and how it computes."""
    if name != "gpu":
        return {"device": "cpu"}
    cupy = usable_cupy()
    own = cupy.cuda.runtime.getDeviceProperties(0)["name"].decode()
    cuda = _version(cupy.cuda.runtime.runtimeGetVersion())
    return {"device": f"gpu: {own}", "gpu": {"cuda": cuda, **precision.facts()}}


def usable_cupy() -> Any:
    """CuPy, once it has reached a GPU. Raises UsageError that names the missing part."""
    try:
        cupy = import_module("cupy")
    except ImportError as error:
        raise UsageError(f"--device gpu: {_absent(error)}") from error
    if not cupy.cuda.is_available():
        raise UsageError(f"--device gpu: {_no_device(cupy)}, or give --device cpu")
    return cupy


def tried(name: str) -> None:
    """Compute a little on the device ``name``, so that a missing library is named at once.

    Raises UsageError that names the library.
    """
    if name != "gpu":
        return
    with explained():
        cupy = usable_cupy()
        twice = cupy.asarray(np.eye(2)) * 2  # compiles a kernel
        (twice @ twice).get()  # loads cuBLAS


@contextmanager
def explained(lower: str = LOWER) -> Iterator[None]:
    """Turn CuPy's errors into a UsageError of one line. All other errors pass.

    ``lower`` says what needs less memory.
    """
    try:
        yield
    except UsageError:
        raise
    except Exception as error:
        line = explanation(error, lower)
        if line is None:
            raise
        raise UsageError(line) from error


def explanation(error: BaseException, lower: str = LOWER) -> str | None:
    """One line on an ``error`` of CuPy or of a CUDA library. None for any other error."""
    name, said = type(error).__name__, " ".join(str(error).split())
    ours = type(error).__module__.partition(".")[0] in ("cupy", "cupy_backends", "cupyx")
    if name == "OutOfMemoryError" or (ours and "MemoryAllocation" in said):
        return f"the GPU's memory is full ({_short(said)}); {lower}"
    library = re.search(r"lib(nvrtc|cublas\w*|cusolver|cusparse|curand|cufft|nvJitLink)\b", said)
    if library and isinstance(error, (ImportError, OSError, RuntimeError)):
        return f"CUDA's library {library[0]} is not found; {_toolkit()}"
    if name == "CompileException" or (ours and "NVRTC" in said) or "CUDA headers" in said:
        missing = re.search(r"could not open source file \"([^\"]+)\"|CUDA headers", said)
        if missing:
            return f"CUDA's headers are not found ({missing[1] or 'none'}); {_toolkit()}"
        return f"a kernel does not compile: {_short(said)}; {_toolkit()}"
    if ours:
        return f"CUDA fails: {_short(said)}; look at nvidia-smi, or give --device cpu"
    return None


def _toolkit() -> str:
    return "pip install 'cupy-cuda12x[ctk]' (or cupy-cuda13x[ctk]), or install CUDA's toolkit"


def _absent(error: ImportError) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name == "cupy":
        return f"CuPy is not installed; {INSTALL}, or give --device cpu"
    return f"CuPy cannot be imported: {_short(str(error))}; {INSTALL}"


def _no_device(cupy: Any) -> str:
    runtime = cupy.cuda.runtime
    driver, built = runtime.driverGetVersion(), runtime.runtimeGetVersion()
    if driver == 0:
        return "no NVIDIA driver on this machine; install it"
    if driver // 1000 < built // 1000:
        return (
            f"the driver knows CUDA {_version(driver)}, this CuPy is for {_version(built)}; "
            f"install a newer driver or cupy-cuda{driver // 1000}x"
        )
    return "the driver shows no GPU; look at nvidia-smi and CUDA_VISIBLE_DEVICES"


def _version(number: int) -> str:
    """CUDA's version number as text: 12090 is 12.9."""
    return f"{number // 1000}.{number % 1000 // 10}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 160 else text[:157] + "..."
