"""How far a block's largest eigenvalues are from the products nu lambda_i(S) of the prediction.

``block_spectrum`` says what the arrays are.
"""

import numpy as np

from deepnet.experiments.experiment import Measure
from deepnet.experiments.store import Arrays

#: The number of eigenvalues that are compared.
FIRST = 8


def errors(arrays: Arrays, which: str, factor: float) -> np.ndarray:
    """The errors eigenvalue/(``factor`` lambda_i(S)) - 1 of the eight largest eigenvalues."""
    eigenvalues, S = (arrays[f"{which}:{name}"][:FIRST] for name in ("eigenvalues", "S"))
    return np.asarray(eigenvalues / (factor * S) - 1)


def largest_error(which: str, printed: bool = False) -> Measure:
    """The largest |error|, with nu as factor.

    nu is taken from the covariance, or is the ``printed`` |m|^2 + 1.
    """

    def measure(arrays: Arrays) -> float:
        net_and_state = which.rpartition(":")[0]
        printed_nu = 1 + np.sum(arrays[f"{net_and_state}:mean"] ** 2) if printed else 0
        factor = printed_nu if printed else arrays[f"{net_and_state}:nu"]
        return float(abs(errors(arrays, which, float(factor))).max())

    return measure


def shifted_error(which: str) -> Measure:
    """The largest |error| after the shift, with nu of the shifted inputs as factor."""
    return lambda arrays: float(
        abs(errors(arrays, "shifted:none", float(arrays[f"{which}:nu"]))).max()
    )
