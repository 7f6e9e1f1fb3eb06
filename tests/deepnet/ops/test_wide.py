"""Vectors of 512 bits: the machine code of a kernel has them where the kernel asks for them."""

import numpy as np
import pytest

numba = pytest.importorskip("numba")
from deepnet.ops.compiled.tile import REGISTER  # noqa: E402
from deepnet.ops.compiled.wide import wide  # noqa: E402


@pytest.mark.skipif(REGISTER < 64, reason="the processor has no vectors of 512 bits")
def test_a_kernel_that_asks_for_wide_vectors_has_them():
    @numba.njit
    def square(out, x):
        wide()
        for i in range(len(x)):
            out[i] = x[i] * x[i]

    x = np.arange(100, dtype="float32")
    out = np.empty_like(x)
    square(out, x)
    assert np.array_equal(out, x**2)
    (code,) = square.inspect_asm().values()
    assert "zmm" in code
