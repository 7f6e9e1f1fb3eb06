"""Operation by operation, and whole nets: the GPU's numbers are the host's to rounding."""

import numpy as np
import pytest

from deepnet.backend import beside, to_host
from deepnet.ops import gpu
from deepnet.ops.gpu.bilinear import matrix_product
from deepnet.problem import Problem
from deepnet.vectors import to_vector
from tests.close import rounded
from tests.deepnet.device_cases import CASES, GPU_PASSES, TARGETS, X, direction, weights_of
from tests.deepnet.ops.hot_cases import HOT_ON_GPU, alike, arguments, images

#: Shapes (n, rows, columns, channels), (filters, rows, columns), stride and padding.
CONVOLUTIONS = [
    ((4, 32, 32, 3), (16, 3, 3), 1, 1),
    ((4, 16, 16, 16), (32, 3, 3), 2, 1),
    ((4, 14, 14, 6), (16, 5, 5), 1, 0),
    ((4, 5, 5, 16), (120, 5, 5), 1, 0),
    ((4, 1, 1, 64), (10, 1, 1), 1, 0),
    ((130, 8, 8, 64), (128, 3, 3), 1, 1),
    ((3, 7, 6, 5), (7, 2, 3), 3, 2),
]
#: How far from float32 a product of rounded operands may be, in float32's own units.
LOOSE = {"fp32": 1, "tf32": 1 << 13, "bf16": 1 << 16}


def placed(cupy, values):
    return [cupy.asarray(v) if isinstance(v, np.ndarray) else v for v in values]


@pytest.mark.parametrize("name", sorted(HOT_ON_GPU.keys() - {"correlate"} - {
    "product", "pull_input", "pull_weight"}))  # fmt: skip
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("n, size, c", [(1, 1, 1), (3, 2, 5), (700, 3, 64), (9, 2, 512)])
def test_a_kernel_does_what_the_plain_form_does(cupy, name, dtype, n, size, c):
    arrays, attrs = arguments(name, np.random.default_rng(0), dtype, "plain", n, size, c)
    there = placed(cupy, arrays)
    function = HOT_ON_GPU[name]
    assert getattr(gpu, name)(*there, **attrs) is not NotImplemented
    results = [
        found if isinstance(found, tuple) else (found,)
        for found in (
            function(*there, **attrs),
            function(*there, **attrs),
            function.plain(*there, **attrs),
            function.plain(*arrays, **attrs),
        )
    ]
    size = 1 + max(np.abs(a).max() for a in arrays if np.ndim(a) and np.size(a)) ** 3
    for ours, again, plain, hosts in zip(*results, strict=True):
        assert to_host(ours).tobytes() == to_host(again).tobytes(), "the same bits every time"
        for found in (ours, plain):
            if np.asarray(hosts).dtype == np.uint8:
                assert np.array_equal(to_host(found), hosts)
                continue
            assert rounded(*alike(found, hosts), size * max(1, np.abs(hosts).max()))


@pytest.mark.parametrize("shape, filters, stride, pad", CONVOLUTIONS)
@pytest.mark.parametrize("how", ["fp64", "fp32", "tf32", "bf16"])
@pytest.mark.parametrize("plain", ["0", "1"])
def test_convolutions(cupy, monkeypatch, shape, filters, stride, pad, how, plain):
    monkeypatch.setenv("DEEPNET_PLAIN", plain)
    monkeypatch.setenv("DEEPNET_PRECISION", "fp32" if how == "fp64" else how)
    dtype, rng = "float64" if how == "fp64" else "float32", np.random.default_rng(0)
    k, r, s = filters
    x = images(rng, dtype, "plain", *shape)
    w = images(rng, dtype, "plain", k, r, s, shape[-1])
    faces = HOT_ON_GPU["correlate"], HOT_ON_GPU["pull_input"], HOT_ON_GPU["pull_weight"]
    y = faces[0].plain(x, w, stride, (pad,) * 4)
    g = images(rng, dtype, "plain", *y.shape)
    calls = [
        (faces[0], (x, w, stride, (pad,) * 4)),
        (faces[1], (g, w, x.shape, stride, pad)),
        (faces[2], (g, x, w.shape, stride, pad)),
    ]
    terms = np.sqrt(max(w[0].size, g[..., 0].size, w[..., 0].size)) * 30
    loose = LOOSE.get(how, 1) if plain == "0" else 1
    for face, (one, other, *rest) in calls:
        there = [face(*placed(cupy, (one, other)), *rest) for _ in range(2)]
        assert there[0].get().tobytes() == there[1].get().tobytes(), "the same bits every time"
        assert rounded(*alike(there[0].get(), face.plain(one, other, *rest)), terms * loose)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("n, inner, k", [(1, 1, 1), (128, 512, 10), (10, 128, 512), (130, 77, 65)])
def test_products_of_matrices(cupy, dtype, n, inner, k):
    """For graphs, which cannot call cuBLAS."""
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(n, inner)).astype(dtype), rng.normal(size=(inner, k)).astype(dtype)
    turned = [placed(cupy, [x, np.ascontiguousarray(x.T)]) for x in (a, b)]
    for one in (turned[0][0], turned[0][1].T):
        for other in (turned[1][0], turned[1][1].T):
            found = matrix_product(one, other).get()
            assert found.tobytes() == matrix_product(one, other).get().tobytes()
            assert rounded(*alike(found, a @ b), inner)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_derivatives_of_whole_nets(cupy, name, dtype):
    net, norm = CASES[name]
    weights, problem = weights_of(net, dtype=dtype), Problem(net, norm)
    x, targets = X.astype(dtype), TARGETS.astype(dtype)
    here = problem.linearise(weights, x, targets)
    v = {name: d.astype(dtype) for name, d in direction(weights).items()}
    u = np.random.default_rng(3).normal(size=here.outputs.shape).astype(dtype)
    there = problem.linearise(*beside(cupy.empty(1), (weights, x, targets)))
    assert rounded(*alike(there.loss, here.loss), condition=GPU_PASSES)
    assert rounded(*alike(there.jvp(v), here.jvp(v)), condition=GPU_PASSES)
    for ours, hosts in (
        (there.grad(), here.grad()),
        (there.hvp(v), here.hvp(v)),
        (there.ggn(v), here.ggn(v)),
        (there.vjp(u), here.vjp(u)),
    ):
        assert rounded(*alike(to_vector(ours), to_vector(hosts)), condition=GPU_PASSES)


def test_a_net_of_the_second_order_at_full_width(cupy):
    """Symmetric in exact float32, which rounded operands would spoil."""
    from deepnet.nets.modes import Active
    from deepnet.nets.page import page

    net = page(1)
    weights = weights_of(net, dtype="float32")
    x, targets = (cupy.asarray(a.astype("float32")) for a in (X, TARGETS))
    at = Problem(net, Active()).linearise(weights, x, targets)
    u, v = (direction(weights, seed) for seed in (1, 2))
    u, v = ({name: d.astype("float32") for name, d in each.items()} for each in (u, v))
    flat = [to_host(to_vector(each)).astype(float) for each in (u, v, at.hvp(u), at.hvp(v))]
    forth, back = flat[0] @ flat[3], flat[1] @ flat[2]
    size = np.linalg.norm(flat[0]) * np.linalg.norm(flat[3])
    assert rounded(np.float32(forth), back, size)
