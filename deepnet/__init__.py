"""Do real nets agree? An engine with exact second order, and the experiments on it.

The engine, from below (every file's arrays decide between NumPy and CuPy):

    backend       which array module an array belongs to
    tape          a computation recorded once: Linearised gives grad, jvp, vjp, hvp, ggn
    ops           the operations in three families, and fused ones with their own law
    nets          the post's net of eight layers, perceptrons, initial weights, modes of the norm
    problem       a net, its norm and its loss: what is trained and what has a Hessian
    vectors       weights as one vector, and as PyTorch lays them out
    data          textures (generated), cifar10, the reader's own
    curvature     Hessian and Gauss-Newton operators, layers' blocks and K-FAC, Lanczos, overlaps
    training      SGD, Adam, RMSprop, K-FAC, schedules; a training that resumes to the same bits
    spectrum      the Hessian's ends for the reader's own weights

``deepnet.experiments`` runs the experiments; nothing above imports it.
"""

from deepnet.problem import Problem
from deepnet.tape import Linearised

__all__ = ["Linearised", "Problem"]
