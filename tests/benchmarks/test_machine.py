"""The machine is named, and its peak and the operations of a task are counted."""

import numpy as np
import pytest

from benchmarks.case import Case, inputs
from benchmarks.flops import flops
from benchmarks.machine import installed, kernels, processor
from benchmarks.peak import CHANNELS, PIXELS, PRODUCTS, tiles
from tests.close import rounded

LINUX = """processor\t: 0
cpu family\t: 6
model\t\t: 143
model name\t: Intel(R) Xeon(R) Processor
stepping\t: 8

processor\t: 1
model name\t: Another
"""


def test_a_processor_has_its_name_and_the_numbers_that_tell_it_apart(tmp_path):
    cpus = tmp_path / "cpuinfo"
    cpus.write_text(LINUX)
    assert processor(cpus) == "Intel(R) Xeon(R) Processor, family 6.143.8"
    cpus.write_text("model name : Cortex\n")
    assert processor(cpus) == "Cortex"
    assert processor(tmp_path / "absent") == processor(cpus.with_name("none")) != ""


def test_the_kernels_that_are_chosen_have_names():
    assert all(kernels().values())
    assert installed("numpy") == np.__version__
    assert installed("no-such-package") is None


def test_the_peak_is_measured_on_products_that_are_right():
    pytest.importorskip("numba")
    rng = np.random.default_rng(0)
    a = rng.standard_normal((PIXELS, PRODUCTS)).astype("float32")
    b = rng.standard_normal((PRODUCTS, CHANNELS)).astype("float32")
    out = np.zeros((PIXELS, CHANNELS), "float32")
    tiles()(out.reshape(-1), a.reshape(-1), b.reshape(-1), 3)
    assert rounded(out, a.astype(float) @ b, condition=PRODUCTS)


#: (rows x columns of the outputs, filters, entries of a filter) of each layer, by hand.
PAGE = [
    (32 * 32, 4, 27),
    (32 * 32, 8, 36),
    (16 * 16, 8, 72),
    (16 * 16, 16, 72),
    (8 * 8, 16, 144),
    (8 * 8, 32, 144),
    (4 * 4, 32, 288),
    (1, 10, 32),
]
LENET = [(28 * 28, 6, 75), (10 * 10, 16, 150), (1, 120, 400), (1, 84, 120), (1, 10, 84)]


@pytest.mark.parametrize(
    ("case", "layers"),
    [
        (Case("page", "1/16", batch=6), PAGE),
        (Case("page", "1/16", "frozen", batch=6), PAGE),
        (Case("lenet", "1", batch=6), LENET),
        (Case("lenet", "1", "none", batch=6), LENET),
    ],
    ids=str,
)
def test_the_operations_are_those_counted_by_hand(case, layers):
    first, *others = [2 * case.batch * o * k * c for o, k, c in layers]
    counted = flops(case, inputs(case))
    assert counted["step"] == counted["gradient"] == 2 * first + 3 * sum(others)
    assert counted["product"] == counted["block"] == 2 * first + 6 * sum(others)
