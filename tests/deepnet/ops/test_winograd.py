"""Winograd's convolutions: each face does what the direct one does, wherever it serves."""

from fractions import Fraction
from functools import partial
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from companion.errors import UsageError
from deepnet import Problem, ops
from deepnet.curvature import Batches, hessian, lanczos
from deepnet.nets.initialise import initialise
from deepnet.nets.modes import Active
from deepnet.nets.page import page
from deepnet.ops import algorithm, convolution
from deepnet.ops.families import Kept
from tests.close import exact, rounded
from tests.deepnet.ops.check_op import check_op

pytest.importorskip("numba")
winograd = pytest.importorskip("deepnet.ops.compiled.winograd")
transforms = pytest.importorskip("deepnet.ops.compiled.transforms")

seeds = st.integers(0, 2**32 - 1)
#: Units of rounding of F(m x m) against the direct form, over 64 of the largest entry: 1e-13.
CONDITION = 7.0
FACES = {
    "summed_convolve": lambda x, w, g: ([x, w], ()),
    "summed_pull_input": lambda x, w, g: ([g, w], (x[0].shape,)),
    "summed_pull_weight": lambda x, w, g: ([g, x], (w[0].shape,)),
}


def drawn(seed, dtype, n, size, c, k, pad, pairs=1):
    """Lists of images, filters and cotangents, one of each per pair."""
    rng = np.random.default_rng(seed)
    o, q = (extent + 2 * pad - 2 for extent in size)
    shapes = (n, *size, c), (k, 3, 3, c), (n, o, q, k)
    return tuple([rng.normal(size=s).astype(dtype) for _ in range(pairs)] for s in shapes)


def computed(how, name, x, w, g, pad=1, stride=1):
    """A face of the lists' pairs, by ``how`` of its name."""
    (one, other), shape = FACES[name](x, w, g)
    pairs = list(zip(one, other, strict=True))
    return how(name)(pairs, *shape, Kept(w[0]), stride=stride, pad=pad)


compiled = partial(getattr, winograd)


def plain(name):
    return getattr(convolution, f"_{name}").plain


@pytest.mark.parametrize("m, name", list(product((2, 4), FACES)))
@settings(max_examples=12)
@given(
    seed=seeds,
    n=st.sampled_from([1, 3, 40]),
    tiles=st.tuples(st.integers(1, 2), st.integers(1, 3)),
    c=st.sampled_from([8, 16, 24]),
    k=st.sampled_from([8, 16]),
    pad=st.integers(0, 2),
    pairs=st.integers(1, 2),
)
def test_a_face_is_the_direct_one(m, name, seed, n, tiles, c, k, pad, pairs):
    # the pixels that the face cuts into tiles: the output, or those of the input
    size = [m * count + (0 if name == "summed_pull_input" else 2 - 2 * pad) for count in tiles]
    assume(min(size) >= max(1, 3 - 2 * pad))
    x, w, g = drawn(seed, "float64", n, size, c, k, pad, pairs)
    with algorithm.asking(f"winograd{m}"):
        found = computed(compiled, name, x, w, g, pad)
    assert rounded(found, computed(plain, name, x, w, g, pad), condition=CONDITION)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("m", [2, 4])
def test_the_faces_are_those_of_one_trilinear_form(m, dtype):
    x, w, g = drawn(0, dtype, 5, (8, 4), 16, 32, 1)
    with algorithm.asking(f"winograd{m}"):
        faces = [computed(compiled, name, x, w, g) for name in FACES]
    values = [np.vdot(face, other) for face, (other,) in zip(faces, (g, x, w), strict=True)]
    size = np.linalg.norm(g) * np.linalg.norm(faces[0])
    for value in values:
        assert rounded(value, values[0], size, CONDITION)


#: Shapes of x and w, stride, and the sides of tiles of each face; 0 is the direct form.
SHAPES = [
    ((5, 8, 8, 16), (16, 3, 3, 16), 1, 1, (4, 4, 4)),
    ((5, 4, 4, 8), (24, 3, 3, 8), 1, 1, (4, 4, 4)),
    ((5, 6, 8, 16), (16, 3, 3, 16), 1, 1, (2, 2, 2)),
    ((5, 2, 2, 16), (16, 3, 3, 16), 1, 1, (2, 2, 2)),
    ((5, 6, 6, 16), (16, 3, 3, 16), 1, 0, (4, 2, 4)),
    ((5, 4, 4, 16), (16, 3, 3, 16), 1, 2, (2, 4, 2)),
    ((5, 7, 8, 16), (16, 3, 3, 16), 1, 1, (0, 0, 0)),
    ((5, 1, 1, 16), (16, 3, 3, 16), 1, 1, (0, 0, 0)),
    ((5, 8, 8, 3), (16, 3, 3, 3), 1, 1, (0, 0, 0)),
    ((5, 8, 8, 16), (12, 3, 3, 16), 1, 1, (0, 0, 0)),
    ((5, 8, 8, 16), (16, 3, 3, 16), 2, 1, (0, 0, 0)),
    ((5, 8, 8, 16), (16, 1, 1, 16), 1, 0, (0, 0, 0)),
    ((5, 8, 8, 16), (16, 5, 5, 16), 1, 2, (0, 0, 0)),
    ((5, 2, 2, 16), (16, 3, 3, 16), 1, 3, (0, 0, 0)),
]


@pytest.mark.parametrize("x_shape, w_shape, stride, pad, sides", SHAPES)
def test_what_is_not_served_is_direct(x_shape, w_shape, stride, pad, sides):
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=x_shape), rng.normal(size=w_shape)
    direct = convolution.convolve(x, w, stride, pad)
    g = rng.normal(size=direct.shape)
    for name, side in zip(FACES, sides, strict=True):
        with algorithm.asking("winograd4"):
            found = computed(compiled, name, [x], [w], [g], pad, stride)
            chosen = computed(lambda face: getattr(convolution, f"_{face}"), name, [x], [w], [g],
                              pad, stride)  # fmt: skip
        assert (found is NotImplemented) == (side == 0)
        assert rounded(
            chosen, computed(plain, name, [x], [w], [g], pad, stride), condition=CONDITION
        )
        with algorithm.asking("direct"):
            assert computed(compiled, name, [x], [w], [g], pad, stride) is NotImplemented
    with algorithm.asking("winograd4"):
        n, height, width, _ = direct.shape
        tiled = algorithm.side_of_tile(w_shape, n, height, width, stride, x.dtype)
    assert tiled == sides[0] or pad > 2


def test_lists_and_arrays_that_are_not_served():
    x, w, g = drawn(0, "float32", 5, (4, 4), 16, 16, 1, pairs=3)
    with algorithm.asking("winograd2"):
        assert computed(compiled, "summed_convolve", x, w, g) is NotImplemented, "three pairs"
        mixed = [w[0].astype("float64")]
        assert computed(compiled, "summed_convolve", x[:1], mixed, g[:1]) is NotImplemented
    wide = np.ones((1, 3, 3, 2 * winograd.CHANNELS), "f4")
    assert winograd._side([(wide, wide)], wide.shape, 4, 4, 1, 1) == 0


@pytest.mark.parametrize("name", FACES)
def test_neither_threads_nor_layouts_change_a_bit(name, monkeypatch):
    x, w, g = drawn(0, "float32", 48, (8, 8), 32, 64, 1)
    found = []
    with algorithm.asking("winograd4"):
        for number in (1, 2, 3):
            monkeypatch.setenv("OMP_NUM_THREADS", str(number))
            found.append(computed(compiled, name, x, w, g))
        strided = ([np.asfortranarray(each[0])] for each in (x, w, g))
        found.append(computed(compiled, name, *strided))
        read_only = x[0].copy()
        read_only.flags.writeable = False
        found.append(computed(compiled, name, [read_only], w, g))
    for other in found[1:]:
        assert exact(other, found[0])


def test_work_is_divided_by_size_alone():
    blocks = winograd._blocks(100, 4, 32, 1 << 16)
    assert 2 <= len(blocks) <= winograd.BLOCKS + 1
    assert all(rows.stop - rows.start >= 8 for rows in blocks[:-1])
    assert [len(winograd._panels(k, c, 1, 16)) for k, c in ((32, 32), (64, 64), (512, 512))] == [
        1, 2, 8,
    ]  # fmt: skip
    assert len(winograd._panels(64, 64, 16, 16)) == 1


def test_filters_of_the_primal_pass_are_transformed_once(monkeypatch):
    packed = []
    pack = winograd._packed
    monkeypatch.setattr(winograd, "_packed", lambda w, **how: packed.append(w) or pack(w, **how))
    (x,), (w,), (g,) = drawn(0, "float64", 5, (4, 4), 16, 16, 1)
    with algorithm.asking("winograd2"):
        y, saved = ops.conv.forward(x, w, stride=1, pad=1)
        for _ in range(2):
            ops.conv.bend(saved, (x, w + 1), ops.conv.push(saved, x, w + 1), y, g, [True, True])
    primal = [each is w for each in packed]
    assert primal.count(True) == 2, "as they are, and flipped"
    assert primal.count(False) == 4, "a direction's filters, in each product"


@pytest.mark.parametrize("how", ["winograd2", "winograd4"])
def test_all_laws_of_the_convolution_hold(how):
    (x,), (w,), _ = drawn(0, "float64", 3, (4, 8), 8, 16, 1)
    with algorithm.asking(how):
        check_op(ops.conv, x, w, stride=1, pad=1)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("how", ["auto", "winograd2", "winograd4"])
def test_a_hessian_is_symmetric_and_its_eigenpairs_have_small_residuals(how, dtype):
    rng = np.random.default_rng(0)
    net = page(Fraction(1, 8))
    weights = initialise(net, rng, dtype=dtype)
    x = rng.normal(size=(16, 16, 16, 3)).astype(dtype)
    targets = ops.smoothed(rng.integers(0, 10, 16), 10, 0.5, x.dtype)
    with algorithm.asking(how):
        matrix = hessian(Batches(Problem(net, Active()), weights, [(x, targets)]))
        u, v = rng.normal(size=(2, matrix.shape[0])).astype(dtype)
        of_u, of_v = matrix @ u, matrix @ v
        size = np.linalg.norm(u) * np.linalg.norm(of_v)
        assert rounded(x.dtype.type(u @ of_v), x.dtype.type(v @ of_u), size)
        pairs = lanczos(matrix, rng, 2, products=60, tolerance=1e-3)
    assert np.all(pairs.residuals <= 1e-3 * np.abs(pairs.values))


def test_the_choice_by_size():
    def side(c, k, images=128, extent=16, dtype="float32", pairs=1):
        shape = (k, 3, 3, c)
        return algorithm.side_of_tile(shape, images, extent, extent, 1, np.dtype(dtype), pairs)

    with algorithm.asking("auto"):
        assert side(16, 16) == side(64, 128) == 4
        assert side(16, 16, dtype="float64") == 2
        assert side(16, 16, extent=6) == 2
        assert side(512, 512, images=16, extent=4) == 2, "few tiles"
        assert side(8, 16) == side(8, 16, dtype="float64") == 0, "few channels"
        assert side(8, 16, pairs=2) == 4, "a sum of two has one transform at its end"
        assert side(16, 16, extent=5) == 0


def test_the_environment_and_a_block_can_ask(monkeypatch):
    monkeypatch.delenv(algorithm.VARIABLE, raising=False)
    assert algorithm.asked() == "auto"
    monkeypatch.setenv(algorithm.VARIABLE, "direct")
    assert algorithm.asked() == algorithm.chosen(None, "cpu") == "direct"
    with algorithm.asking("winograd2"):
        assert algorithm.asked() == "winograd2"
    monkeypatch.setenv(algorithm.VARIABLE, "fft")
    with pytest.raises(UsageError, match="'fft' is no convolution; give auto, direct, winograd2"):
        algorithm.asked()


def test_what_cannot_be_used_is_refused_in_one_line(monkeypatch):
    with pytest.raises(UsageError, match="winograd2 is for the CPU; give auto with --device gpu"):
        algorithm.chosen("winograd2", "gpu")
    assert algorithm.chosen("winograd2", "cpu") == "winograd2"
    monkeypatch.setenv("DEEPNET_PLAIN", "1")
    with pytest.raises(UsageError, match="winograd4 needs numba"):
        algorithm.chosen("winograd4", "cpu")


@given(seed=seeds, m=st.sampled_from([2, 4]), turned=st.booleans())
def test_the_matrices_multiply_polynomials_exactly(seed, m, turned):
    r, n = 3, m + 2
    if turned:
        m, r = r, m
    rng = np.random.default_rng(seed)
    x, g = ([Fraction(int(v)) for v in rng.integers(-9, 10, size)] for size in (n, r))

    def applied(matrix, vector):
        return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]

    both = zip(
        applied(transforms.filtered(r, n), g), applied(transforms.entered(n), x), strict=True
    )
    found = applied(transforms.sums(m, n), [a * b for a, b in both])
    assert found == [sum(x[i + j] * g[j] for j in range(r)) for i in range(m)]


def test_the_steps_of_a_transform_make_its_matrix():
    for n, steps in transforms.STEPS.items():
        first, second = (np.array(matrix, dtype=object) for matrix in steps)
        assert (second @ first == np.array(transforms.entered(n), dtype=object)).all()


@pytest.mark.parametrize(
    ("x_shape", "w_shape"),
    [
        ((4, 8, 8, 16), (16, 3, 3, 32)),
        ((4, 8, 8, 48), (16, 3, 3, 32)),
        ((4, 2, 2, 16), (16, 3, 3, 16)),
        ((4, 1, 8, 16), (16, 3, 3, 16)),
        ((4, 1024), (16, 3, 3, 16)),
    ],
)
def test_images_that_do_not_fit_are_refused_as_without_it(x_shape, w_shape):
    x, w = np.ones(x_shape, "float32"), np.ones(w_shape, "float32")
    with algorithm.asking("winograd2"), pytest.raises(ValueError, match=r"give \(n, rows, columns"):
        ops.conv.apply([(x, w)], Kept(w))
