"""Convolution with filters of 3 x 3 pixels by Winograd's F(m x m, 3 x 3), compiled.

The output falls into tiles of m x m pixels. A tile sees n x n pixels of the framed image, with
n = m + 2. Between two transforms, a convolution is n n products of matrices, one per entry of the
transformed tiles:

    y = A' [sum_c V * U] A      V = B' x B     U = G w G'      (G and A of F(m, 3))
    dw = A' [sum_tiles H * V] A     V = B' x B     H = G g G'      (G and A of F(3, m))

The direct form has 9 multiplications per output, F(4 x 4) has 36/16 and F(2 x 2) has 4. The sum
over a list of pairs is taken between the transforms, so that the list has one A'.

Work is divided into blocks of images and panels of filters. Their number does not depend on the
threads, so that sums over blocks do not depend on them.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from deepnet.ops.algorithm import side_of_tile
from deepnet.ops.blocks import BLOCK, BLOCKS, equal, run_blocks, slices
from deepnet.ops.compiled.tile import MOST, REGISTER
from deepnet.ops.compiled.winograd_kernels import PIXELS, ROOM, correlation, packing, weighing
from deepnet.ops.families import Kept

Array = np.ndarray
Pairs = Sequence[tuple[Array, Array]]
#: Tiles per chunk, and of wide layers, whose transformed filters do not stay in a core's own cache.
TILES, MORE = 32, 64
#: Products c k of the channels of a wide layer, and of a panel at most. A panel's transformed
#: filters, or sums, take 5 MB: smaller panels transform images so often that they take longer.
WIDE, PANEL = 1 << 13, 1 << 15
#: The fewest panels and blocks together, the fewest filters of a panel.
ITEMS, FILTERS = 2, 32
#: Multiplications per block at least, and tiles of a weight gradient, whose sums are transformed.
WORK, SUMMED = 1 << 21, 128
#: Filters' numbers that one thread packs.
PACKED = 1 << 17
#: The most channels: a chunk has two tiles of products.
CHANNELS = ROOM // (4 * PIXELS)


def summed_convolve(pairs: Pairs, kept: Kept, stride: int = 1, pad: int = 0) -> Array:
    """The sum of y[n,o,q,k] over pairs of images x and filters w."""
    x, w = pairs[0]
    if not (x.ndim == w.ndim == 4 and x.shape[3] == w.shape[3]):
        return NotImplemented  # the plain form says what would fit
    o, q = (extent + 2 * pad - 2 for extent in x.shape[1:3])
    m = _side(pairs, w.shape, o, q, stride, pad)
    if not m:
        return NotImplemented
    pack = partial(_packed, m=m, flipped=False)
    packs = [(x, kept.of(w, ("filters", m), pack)) for x, w in pairs]
    return _correlated(packs, m, pad, o, q)


def summed_pull_input(
    pairs: Pairs, shape: tuple, kept: Kept, stride: int = 1, pad: int = 0
) -> Array:
    """The sum of the cotangents of x over pairs of cotangents g and filters w."""
    _, w = pairs[0]
    _, o, q, _ = shape
    m = _side(pairs, w.shape, o, q, stride, pad)
    if not m:
        return NotImplemented
    pack = partial(_packed, m=m, flipped=True)
    packs = [(g, kept.of(w, ("flipped", m), pack)) for g, w in pairs]
    return _correlated(packs, m, 2 - pad, o, q)


def summed_pull_weight(
    pairs: Pairs, shape: tuple, kept: Kept, stride: int = 1, pad: int = 0
) -> Array:
    """The sum of the cotangents of w over pairs of cotangents g and images x."""
    _, o, q, _ = pairs[0][0].shape
    m = _side(pairs, shape, o, q, stride, pad)
    return _weighed(pairs, m, pad) if m else NotImplemented


def _side(
    pairs: Pairs, filters: tuple[int, ...], height: int, width: int, stride: int, pad: int
) -> int:
    """The side of the tiles, 0 where the direct form is taken."""
    lead, dtypes = pairs[0][0], {array.dtype for pair in pairs for array in pair}
    if len(pairs) > 2 or len(dtypes) > 1 or not 0 <= pad <= 2 or max(filters) > CHANNELS:
        return 0
    if min(height, width) < 1:
        return 0
    return side_of_tile(filters, len(lead), height, width, stride, lead.dtype, len(pairs))


def _packed(w: Array, m: int, flipped: bool) -> Array:
    """The transformed filters, or the ``flipped`` ones, which map cotangents to images."""
    k, _, _, c = w.shape
    outer, inner = (c, k) if flipped else (k, c)
    vectors, lanes = _vectors(outer, w.dtype)
    wide, run = vectors * lanes, packing(m, vectors, lanes)
    out, w = np.empty(((m + 2) ** 2, outer // wide, inner, wide), w.dtype), _owned(w)

    def block(rows: slice) -> None:
        run(out, w, flipped, rows.start, rows.stop)

    run_blocks(block, slices(inner, 9 * outer, PACKED))
    return out


def _correlated(packs: Pairs, m: int, top: int, o: int, q: int) -> Array:
    """The sum over pairs of images and packed filters, for frames of ``top`` zeros."""
    (x, u), (other_x, other_u) = packs[0], packs[-1]
    (n, _, _, c), (planes, panels, _, wide) = x.shape, u.shape
    k, x, other_x = panels * wide, _owned(x), _owned(other_x)
    y = np.empty((n, o, q, k), x.dtype)
    run = correlation(m, _vectors(c, x.dtype)[1], *_vectors(k, x.dtype))
    tiles, chunk = o * q // m**2, _chunk(c, k)

    def item(rows: slice, some: slice) -> None:
        run(
            y[rows], (some.start, some.stop), x[rows], u, other_x[rows], other_u,
            len(packs), top, chunk,
        )  # fmt: skip

    blocks = _blocks(n, tiles, chunk, planes * c * k)
    _run_items(item, blocks, _panels(k, c, len(blocks), wide))
    return y


def _weighed(pairs: Pairs, m: int, top: int) -> Array:
    """The sum over pairs of cotangents and images, added over blocks in their order."""
    g, x, other_g, other_x = map(_owned, (*pairs[0], *pairs[-1]))
    (n, o, q, k), c = g.shape, x.shape[3]
    run = weighing(m, _vectors(k, x.dtype)[1], *_vectors(c, x.dtype))
    tiles, chunk = len(pairs) * o * q // m**2, _chunk(c, k)
    blocks = _blocks(n, tiles, SUMMED, (m + 2) ** 2 * c * k)
    parts = np.empty((len(blocks), k, 3, 3, c), x.dtype)

    def item(rows: slice, some: slice) -> None:
        run(
            parts[blocks.index(rows), some], (some.start, some.stop),
            g[rows], x[rows], other_g[rows], other_x[rows], len(pairs), top, chunk,
        )  # fmt: skip

    _run_items(item, blocks, _panels(k, c, len(blocks), PIXELS))
    total, *others = parts

    def add(some: slice) -> None:
        for other in others:
            total[some] += other[some]

    run_blocks(add, slices(k, 9 * c, BLOCK))
    return total


def _vectors(channels: int, dtype: Any) -> tuple[int, int]:
    """The vectors of a product's tile and their lanes, which divide the ``channels``."""
    lanes = REGISTER // np.dtype(dtype).itemsize
    while channels % lanes:
        lanes //= 2
    return (MOST if channels % (MOST * lanes) == 0 else 1), lanes


def _owned(x: Array) -> Array:
    """``x``, contiguous and writeable: kernels are compiled for such arrays alone."""
    return np.require(x, requirements=["C", "W"])


def _chunk(c: int, k: int) -> int:
    """The tiles that are transformed at once."""
    most = ROOM // max(c, k) // (2 * PIXELS) * (2 * PIXELS)
    return min(MORE if c * k > WIDE else TILES, most)


def _blocks(n: int, tiles: int, least: int, work: int) -> list[slice]:
    """Blocks of ``n`` images of so many ``tiles``, with ``least`` or more tiles per block.

    A tile takes ``work`` multiplications.
    """
    return equal(n, max(-(-least // tiles), -(-WORK // (tiles * work)), -(-n // BLOCKS)))


def _panels(k: int, c: int, blocks: int, multiple: int) -> list[slice]:
    """Panels of the ``k`` filters, a ``multiple`` of filters each.

    Where blocks are few, panels are more, although each of them transforms the images.
    """
    size = k
    while size % (2 * multiple) == 0:
        few = blocks * (k // size) < ITEMS and size > FILTERS
        if not few and size * c <= PANEL:
            break
        size //= 2
    return slices(k, 1, size)


def _run_items(
    item: Callable[[slice, slice], None], blocks: list[slice], panels: list[slice]
) -> None:
    """Call ``item`` for each block and each panel, on the engine's threads."""
    items = list(product(blocks, panels))
    run_blocks(lambda one: item(*items[one.start]), slices(len(items), 1, 1))
