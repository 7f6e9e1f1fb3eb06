"""Make ``page_facts.npz``: what PyTorch finds at the weights and inputs of ``facts_recipe``.

    python -m tests.deepnet.facts.make_facts

Two minutes, with torch 2.13.0. Keys are <norm>:<what>: loss, and of the gradient, the Hessian
product hv and the Gauss-Newton product gv what ``Recipe.summary`` keeps; top5 and bottom5, the
extreme eigenvalues of the dense Hessian.
"""

from pathlib import Path

import numpy as np

from tests.deepnet.facts.facts_recipe import NORMS, SMOOTHING, Recipe, draw
from tests.deepnet.facts.torch_oracle import Oracle


def facts(norm: str, recipe: Recipe) -> dict[str, np.ndarray]:
    """The facts for one norm."""
    from benchmarks.torch_nets import outputs_of

    outputs = outputs_of("page", norm, recipe)
    oracle = Oracle(outputs, list(recipe.weights.values()), recipe.y, SMOOTHING)
    dense = oracle.hessian()
    values = np.linalg.eigvalsh((dense + dense.T) / 2)
    return {
        "loss": np.array(oracle.loss()),
        "grad": recipe.summary(oracle.gradient()),
        "hv": recipe.summary(oracle.hvp(recipe.v)),
        "gv": recipe.summary(oracle.ggn(recipe.v)),
        "top5": values[::-1][:5],
        "bottom5": values[:5],
    }


def main() -> None:
    """Write the file beside this one."""
    recipe = draw()
    found = {"digest": recipe.digest()}
    for norm in NORMS:
        found |= {f"{norm}:{what}": value for what, value in facts(norm, recipe).items()}
        print(norm, found[f"{norm}:loss"], found[f"{norm}:top5"], found[f"{norm}:bottom5"])
    np.savez(Path(__file__).with_name("page_facts.npz"), **found)


if __name__ == "__main__":
    main()
