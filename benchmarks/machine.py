"""The machine at hand: its processor and kernels, its packages, its load."""

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_info

from benchmarks.peak import peak
from deepnet.device import facts
from deepnet.ops.hot import compiles

TOOLS = ("curvlinops-for-pytorch", "pyhessian")
PACKAGES = ("numpy", "scipy", "numba", "torch", *TOOLS)
#: The names of CuPy and cuDNN in the extra of each CUDA.
ON_GPU = ("cupy-cuda12x", "cupy-cuda13x", "nvidia-cudnn-cu12", "nvidia-cudnn-cu13")
#: The lines of Linux's list of processors that together name one.
NAMING = ("model name", "cpu family", "model", "stepping")
CPUS = Path("/proc/cpuinfo")


def machine(device: str = "cpu") -> dict[str, Any]:
    """The machine and its packages. A package that is not installed is null.

    ``processor`` names the model, and ``kernels`` what was compiled or chosen for it.
    ``peak`` is the peak of one core in GFLOP/s.
    """
    packages = (*PACKAGES, *(ON_GPU if device == "gpu" else ()))
    return {
        **facts(device),
        "system": platform.platform(terse=True),
        "processor": processor(),
        "kernels": kernels(),
        "peak": peak(),
        "cores": os.cpu_count(),
        "load": load(),
        "python": platform.python_version(),
        **{package: installed(package) for package in packages},
    }


def load() -> float:
    """The mean number of processes that ran or waited to run in the last minute."""
    return round(os.getloadavg()[0], 1)


def installed(package: str) -> str | None:
    """The version of a ``package``, or None where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def processor(cpus: Path = CPUS) -> str:
    """The processor's name, with family, model and stepping: names alone are shared by many."""
    try:
        text = cpus.read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    found = {name: re.search(rf"^{name}\s*: (.*)$", text, re.M) for name in NAMING}
    name, *numbers = (match[1].strip() if match else "" for match in found.values())
    if not name:
        return platform.processor() or platform.machine()
    return f"{name}, family {'.'.join(numbers)}" if all(numbers) else name


def kernels() -> dict[str, str]:
    """What our engine's kernels are compiled for, and which ones BLAS and PyTorch choose."""
    names = {
        each["internal_api"]: str(each["architecture"])
        for each in threadpool_info()
        if each.get("architecture")
    }
    if compiles():
        from llvmlite.binding import get_host_cpu_name

        names["numba"] = get_host_cpu_name()
    if installed("torch"):
        import torch

        names["torch"] = torch.backends.cpu.get_cpu_capability()
        onednn = re.search(r"DNN.* v([\d.]+)", torch.__config__.show())
        if onednn:
            names["onednn"] = onednn[1]
    return names
