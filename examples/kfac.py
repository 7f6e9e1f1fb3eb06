"""A layer's curvature, exact and by K-FAC, shows a mean of the inputs, with batch norm off and on.

Behind logistic units the inputs of a layer have a mean m. Without batch norm there are nine large
eigenvalues, one less than there are classes. Each has an eigenvector V, shaped like the weights,
that lies along m: |V m|^2/|m|^2 is near 1. Batch norm of the layer's outputs leaves no such
eigenvector.
"""

import numpy as np

from deepnet import Problem, ops
from deepnet.curvature import Batches, exact_block, kfac, lanczos
from deepnet.curvature.layers import inputs, layers
from deepnet.data import textures
from deepnet.nets.initialise import initialise
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import norm_named

data, rng = textures(100, 10), np.random.default_rng(0)
x = data.normalised(data.x_train, np.dtype(float)).reshape(100, 8, 4, 8, 4, 3).mean((2, 4))
net = mlp((192, 32, 32, 10), ops.sigmoid)
weights = initialise(net, rng, "orthogonal", "float64")
targets = ops.smoothed(data.y_train, data.classes, 0.0, x.dtype)
for mode in ("none", "active"):
    batches, on = Batches(Problem(net, norm_named(mode)), weights, [(x, targets)]), mode == "active"
    block, product = exact_block(batches, "dense2"), kfac(batches, "dense2", centred=on)
    pairs = lanczos(block, rng, 10, tolerance=1e-6)
    ((_, part),) = batches
    m = inputs(part, layers(part)["dense2"]).mean((0, 1))
    along = ((pairs.vectors.T.reshape(10, 32, 32) @ m) ** 2).sum(1) / (m @ m)
    print(f"batch norm {mode}\n  exact    K-FAC    |V m|^2/|m|^2")
    for value, other, share in zip(pairs.values, product.eigenvalues[:10], along, strict=True):
        print(f"{value:9.2e} {other:9.2e} {share:8.2f}")
