"""Make ``nets_facts.npz``: what PyTorch finds at the weights and inputs of ``nets_recipe``.

    python -m tests.deepnet.facts.make_nets_facts

Seconds, with torch 2.13.0. Keys are <net>:digest and <net>:<norm>:<what>: loss, and of the gradient
and the Hessian product hv what ``Recipe.summary`` keeps.
"""

from pathlib import Path

import numpy as np

from tests.deepnet.facts.nets_recipe import CASES, NORMS, draw
from tests.deepnet.facts.torch_oracle import Oracle


def main() -> None:
    """Write the file beside this one."""
    from benchmarks.torch_nets import outputs_of

    found = {}
    for net in CASES:
        recipe = draw(net)
        found[f"{net}:digest"] = recipe.digest()
        for norm in NORMS:
            outputs = outputs_of(net, norm, recipe)
            oracle = Oracle(outputs, list(recipe.weights.values()), recipe.y, 0.0)
            found[f"{net}:{norm}:loss"] = np.array(oracle.loss())
            found[f"{net}:{norm}:grad"] = recipe.summary(oracle.gradient())
            found[f"{net}:{norm}:hv"] = recipe.summary(oracle.hvp(recipe.v))
            print(net, norm, found[f"{net}:{norm}:loss"], found[f"{net}:{norm}:hv"][0])
    np.savez_compressed(Path(__file__).with_name("nets_facts.npz"), **found)


if __name__ == "__main__":
    main()
