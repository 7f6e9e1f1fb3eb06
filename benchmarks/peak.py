"""The peak of a core: what the engine's own ``add_products`` reaches with operands in the cache."""

import time
from collections.abc import Callable
from functools import cache

import numpy as np

from deepnet.ops.hot import compiles

#: Pixels and channels of a tile, products per sum, tiles per measurement, measurements.
PIXELS, CHANNELS, PRODUCTS, TILES, TIMES = 8, 32, 128, 4000, 40


def peak() -> float | None:
    """GFLOP/s of one core in float32. None where numba is not installed.

    It is the best of ``TIMES`` measurements of a few milliseconds, in CPU time.
    """
    if not compiles():
        return None
    run = tiles()
    rng = np.random.default_rng(0)
    a = rng.standard_normal(PIXELS * PRODUCTS).astype("float32")
    b = rng.standard_normal(PRODUCTS * CHANNELS).astype("float32")
    out = np.zeros(PIXELS * CHANNELS, "float32")
    run(out, a, b, 1)  # compile
    operations = 2 * PIXELS * CHANNELS * PRODUCTS * TILES
    return operations / min(_seconds(lambda: run(out, a, b, TILES)) for _ in range(TIMES)) / 1e9


def _seconds(work: Callable[[], object]) -> float:
    start = time.thread_time()
    work()
    return time.thread_time() - start


@cache
def tiles() -> Callable[..., None]:
    """The kernel that computes out = a b in tiles, ``count`` times.

    a is (PIXELS, PRODUCTS), b is (PRODUCTS, CHANNELS), and all arrays are flat.
    """
    from deepnet.ops.compiled.kernels import kernel
    from deepnet.ops.compiled.tile import add_products, shape_of_tile

    vectors, lanes, _ = shape_of_tile(CHANNELS, "float32")

    def run(out: np.ndarray, a: np.ndarray, b: np.ndarray, count: int) -> None:
        for _ in range(count):
            for k in range(0, CHANNELS, vectors * lanes):
                add_products(
                    PIXELS, vectors, lanes, out, (k, CHANNELS),
                    a, (0, 0, 1, PRODUCTS), b, (k, 0, CHANNELS), (1, PRODUCTS), False,
                )  # fmt: skip

    return kernel(run)
