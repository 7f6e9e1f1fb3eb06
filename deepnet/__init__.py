"""Do real nets agree? An engine with exact second order, and the experiments on it.

The engine, from below (every file's arrays decide between NumPy and CuPy):

    backend       the array module of an array, and functions that bring arrays beside each other
    fit           checks of names and shapes, since NumPy would broadcast wrong shapes
    device        the device that --device names, and why it cannot be used
    tape          a computation recorded once: Linearised gives grad, jvp, vjp, hvp, ggn
    ops           the operations in three families, and fused ones with their own law
    nets          the post's net, LeNet, VGG, residual nets, perceptrons; initial weights, modes of
                  the norm and what is like it, noise
    problem       a net, its norm and its loss, which can be trained and has a Hessian
    vectors       weights as one vector, and in PyTorch's layout
    data          textures (generated), cifar10, mnist, the reader's own
    curvature     Hessian and Gauss-Newton operators, layers' blocks and K-FAC, Lanczos, densities
                  and traces with errors, moments of the outputs, overlaps
    training      SGD, Adam, RMSprop, K-FAC, schedules; a training that resumes to the same bits
    landscape     loss and gradient along lines, smoothness, surfaces, batch statistics by kind
    watch         activations, dead units, covariate shift and sharpness along a training
    spectrum      the Hessian's ends, or its density, at the reader's own weights

``deepnet.experiments`` runs the experiments; nothing above imports it.
"""

from deepnet.problem import Problem
from deepnet.tape import Linearised

__all__ = ["Linearised", "Problem"]
