"""A residual net in PyTorch's layout, written again by loops and einsum.

It takes complex weights, too.
"""

import numpy as np

EPS = 1e-5


def convolved(x, w, stride, pad):
    """The convolution of ``x`` (n, c, rows, columns) with ``w`` (k, c, r, s)."""
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    r, s = w.shape[2:]
    rows, columns = (x.shape[2] - r) // stride + 1, (x.shape[3] - s) // stride + 1
    y = 0
    for i in range(r):
        for j in range(s):
            part = x[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride]
            y = y + np.einsum("ncij,kc->nkij", part[:, :, :rows, :columns], w[:, :, i, j])
    return y


def normed(x, weights, layer, statistics):
    """Batch norm with the batch's own moments (``statistics`` {}), given ones, or none (None)."""
    if statistics is not None:
        if statistics:
            mean, var = (each[None, :, None, None] for each in statistics[layer])
        else:
            mean = x.mean((0, 2, 3), keepdims=True)
            var = ((x - mean) ** 2).mean((0, 2, 3), keepdims=True)
        x = (x - mean) / np.sqrt(var + EPS)
    scale, shift = weights[f"{layer}_scale"], weights[f"{layer}_shift"]
    return x * scale[None, :, None, None] + shift[None, :, None, None]


def past(kind, h, after, weights, name, statistics):
    """The shortcut where the stride is 2."""
    n, before, rows, columns = h.shape
    if kind == "projection":
        w = weights[f"{name}_shortcut"]
        return normed(convolved(h, w, 2, 0), weights, f"{name}_shortcut", statistics)
    y = np.zeros((n, after, rows // 2, columns // 2), h.dtype)
    for c in range(before):
        for i in range(rows // 2):
            for j in range(columns // 2):
                if kind == "pool":
                    corner = h[:, c, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
                    y[:, c, i, j] = corner.sum((1, 2)) / 4
                else:
                    y[:, c + (after - before) // 2, i, j] = h[:, c, 2 * i, 2 * j]
    return y


def loss(kind, depth, weights, x, labels, statistics, activation):
    """The mean cross-entropy of the residual net, weights and images as in PyTorch."""

    def conv(layer, h, stride=1):
        return normed(convolved(h, weights[layer], stride, 1), weights, layer, statistics)

    h = activation(conv("conv1", x))
    for stage in (1, 2, 3):
        for block in range(1, (depth - 2) // 6 + 1):
            name = f"stage{stage}_block{block}"
            stride = 2 if stage > 1 and block == 1 else 1
            y = conv(f"{name}_conv2", activation(conv(f"{name}_conv1", h, stride)))
            if stride == 2:
                h = past(kind, h, y.shape[1], weights, name, statistics)
            h = activation(y + h)
    z = h.mean((2, 3)) @ weights["dense"].T + weights["dense_bias"]
    return np.mean(np.log(np.exp(z).sum(1)) - z[np.arange(len(z)), labels])
