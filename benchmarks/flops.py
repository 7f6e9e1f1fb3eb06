"""The floating-point operations of a task, counted from the shapes of a net.

Only convolutions and dense layers count. Each costs 2 operations per output and weight of a filter,
also where the padding is met, and no matter how it is computed. In inner layers a gradient takes 3
passes of this cost, and a Hessian product 6. The first layer needs no cotangent of its inputs, and
takes 2 and 2.
"""

from benchmarks.case import Case, Inputs
from deepnet.nets.modes import norm_named
from deepnet.problem import Problem

#: Images of the pass whose shapes are read.
FEW = 2
#: The passes of a layer, by task: of an inner layer, and of the first layer.
PASSES = {"step": (3, 2), "gradient": (3, 2), "product": (6, 2)}
#: The tasks that consist of products.
OF_PRODUCTS = ("block", "eigenpairs", "density")
LAYERS = ("conv", "dense")


def flops(case: Case, given: Inputs) -> dict[str, float]:
    """The operations of a step, a gradient and a product: {task: number}.

    For tasks of several products it is the number per product.
    """
    problem = Problem(case.build(), norm_named(case.norm, statistics=given.statistics))
    images, targets = given.images[:FEW], given.targets[:FEW]
    part = problem.linearise(given.weights, images, targets)
    total = dict.fromkeys(PASSES, 0.0)
    for index, node in enumerate(part.tape.nodes):
        if node.operation is None or node.operation.name not in LAYERS:
            continue
        weight = node.saved[1]
        once = 2.0 * part.cotangents[index].size * weight[0].size * case.batch / len(images)
        first = node.inputs[0] is None
        for task, passes in PASSES.items():
            total[task] += passes[first] * once
    return total | dict.fromkeys(OF_PRODUCTS, total["product"])
