"""Train a small net with batch norm and print its Hessian's top eigenvalues, norm active and
frozen."""

import numpy as np

from deepnet import Problem, ops
from deepnet.curvature import Batches, hessian, lanczos
from deepnet.data import textures
from deepnet.nets.initialise import initialise
from deepnet.nets.modes import Active
from deepnet.nets.page import page
from deepnet.training import SGD, Training, beginning, in_eval, settle, train, triangle

rng, data = np.random.default_rng(0), textures(500, 100)
problem = Problem(page(1 / 16), Active())
how = Training(epochs=2, batch=50, schedule=triangle(1.0, 1, 6), rule=SGD(momentum=0.9))
start = initialise(problem.net, rng, dtype="float64")
*_, state = train(problem, data, how, beginning(start, how))
frozen = in_eval(problem, settle(problem, data, how, state))
x = data.normalised(data.x_train[:100], np.dtype(float))
batches = [(x, ops.smoothed(data.y_train[:100], data.classes, 0.0, x.dtype))]
for norm, each in (("active", problem), ("frozen", frozen)):
    pairs = lanczos(hessian(Batches(each, state.weights, batches)), rng, 3, products=40)
    print(norm, pairs.values.round(3), "residuals up to", pairs.residuals.max().round(4))
