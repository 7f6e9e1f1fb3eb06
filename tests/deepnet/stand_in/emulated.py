"""CUDA kernels without a GPU: their source compiled as C++, the threads run one after the other.

That is the same as on a GPU for kernels whose threads do not meet: no shared memory, no barrier, no
atomic operation. What it cannot show is what a GPU's compiler makes of the source, and its speed.
"""

import ctypes
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from tests.deepnet.stand_in import fake_streams

#: What stands in for CUDA's own words.
WORDS = """\
#include <cmath>
#include <cstdint>
using std::exp; using std::log; using std::log1p; using std::fabs; using std::fmax; using std::fmin;
using std::abs;
struct three { unsigned int x, y, z; };
static thread_local three blockIdx, threadIdx, blockDim, gridDim;
#define __global__
#define __device__
#define __restrict__
#define __forceinline__ inline
#define __launch_bounds__(n)
"""
LAUNCH = """
extern "C" void launch_{name}(unsigned int grid, unsigned int block, void** a) {{
  gridDim = {{grid, 1, 1}}; blockDim = {{block, 1, 1}};
  for (unsigned int b = 0; b < grid; ++b) for (unsigned int t = 0; t < block; ++t) {{
    blockIdx = {{b, 0, 0}}; threadIdx = {{t, 0, 0}};
    {instance}({arguments});
  }}
}}
"""


@cache
def compiler() -> str | None:
    """A compiler of C++ on this machine."""
    return next(filter(None, map(shutil.which, ("c++", "g++", "clang++"))), None)


class RawModule:
    """``cupy.RawModule`` as far as it is used: templates named by expressions, launched whole."""

    def __init__(self, *, code, options=(), name_expressions=()):
        assert all(not word.search(code) for word in MEETING), "threads that meet"
        self.kinds = {name: _kinds(code, name) for name in name_expressions}
        self.library = _library(code, tuple(name_expressions))
        self.names = {name: f"launch_{i}" for i, name in enumerate(name_expressions)}

    def get_function(self, name):
        launch, kinds = getattr(self.library, self.names[name]), self.kinds[name]

        def run(grid, block, args):
            assert len(grid) == len(block) == 1 and 1 <= grid[0] < 2**31 and block[0] <= 1024
            kept = [_pointed(arg, kind) for arg, kind in zip(args, kinds, strict=True)]
            pointers = (ctypes.c_void_p * len(kept))(*(ctypes.addressof(each) for each in kept))
            sizes = ctypes.c_uint(grid[0]), ctypes.c_uint(block[0])

            def work(_alive=kept):
                launch(*sizes, pointers)

            fake_streams.submit(work)

        return run


MEETING = [re.compile(word) for word in ("__shared__", "__sync", "__shfl", "atomic[A-Z]")]


#: The type of a kernel's argument, NumPy's for it, and C's.
TYPES = {
    "int": ("int32", ctypes.c_int32),
    "number": ("int64", ctypes.c_int64),
    "float": ("float32", ctypes.c_float),
    "double": ("float64", ctypes.c_double),
    "unsigned char": ("uint8", ctypes.c_uint8),
    "unsigned short": ("uint16", ctypes.c_uint16),
}


def _pointed(arg, kind):
    """The C value of an argument: a device's pointer, or a NumPy number of the very type."""
    numpys, c = TYPES[kind.replace("const", "").replace("*", "").strip()]
    assert arg.dtype == numpys, f"{arg!r} of type {arg.dtype} is given for {kind}"
    if "*" in kind:
        assert arg._host.flags.c_contiguous, "a kernel reads contiguous arrays"
        return ctypes.c_void_p(arg._host.ctypes.data)
    assert isinstance(arg, np.generic), f"{arg!r} is given for {kind}"
    return c(arg.item())


def _kinds(code: str, expression: str) -> list[str]:
    """The types of the arguments of the kernel "name<type>"."""
    name, _, number = expression.rstrip(">").partition("<")
    (declared,) = re.findall(rf"__global__ void {name}\(([^)]*)\)", code)
    kinds = (each.strip().rpartition(" ")[0] for each in declared.split(","))
    return [re.sub(r"\bT\b", number, kind) for kind in kinds]


@cache
def _library(code: str, expressions: tuple[str, ...]) -> ctypes.CDLL:
    text = WORDS + code
    for i, expression in enumerate(expressions):
        arguments = ", ".join(f"*({k}*)a[{j}]" for j, k in enumerate(_kinds(code, expression)))
        text += LAUNCH.format(name=i, instance=expression, arguments=arguments)
    folder = Path(tempfile.gettempdir()) / f"emulated-kernels-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{hashlib.sha256(text.encode()).hexdigest()[:20]}.so"
    if not path.exists():
        source = path.with_suffix(f".{os.getpid()}.cpp")
        source.write_text(text)
        made = source.with_suffix(".so")
        words = [compiler(), "-O1", "-ffp-contract=off", "-shared", "-fPIC", "-o", made, source]
        subprocess.run(list(map(str, words)), check=True, capture_output=True)
        made.replace(path)
        source.unlink()
    return ctypes.CDLL(str(path))
