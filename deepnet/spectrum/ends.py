"""Both ends of the Hessian's spectrum, with loss and gradient, for any problem over batches."""

import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse.linalg import LinearOperator

from companion.errors import UsageError
from companion.progress import track
from deepnet.backend import to_host
from deepnet.curvature import Batches, Eigenpairs, repeated
from deepnet.curvature.repeated import settled

#: Start vectors have a stream of their own, since weights are often drawn from a bare seed.
STREAM = 1


@dataclass(frozen=True)
class Ends:
    """The ends that are asked for: the ``top`` largest and the ``bottom`` smallest eigenvalues.

    Lanczos stops after ``products`` Hessian products, or where each residual |Hv - value v| is at
    most ``tolerance`` |value| and no eigenvalue was missed. Its start vectors are drawn from
    ``seed``.
    """

    top: int
    bottom: int
    products: int
    tolerance: float
    seed: int

    def answer(self, batches: Batches, operator: LinearOperator) -> dict[str, Any]:
        """The mean loss, the gradient's length, and the ends with their residuals.

        ``operator`` is the Hessian over ``batches``. Raises UsageError where more eigenvalues are
        asked for than the matrix has or the products give, where a batch is too small for its norm,
        and where a number is not finite.
        """
        self._require_enough(batches.parameters)
        loss, gradient = at_weights(batches)
        pairs, certain = self._pairs(operator)
        listed = [
            {"value": float(value), "residual": float(residual)}
            for value, residual in zip(pairs.values, pairs.residuals, strict=True)
        ]
        return {
            "loss": loss,
            "grad_norm": float(np.linalg.norm(gradient)),
            "top": listed[: self.top],
            "bottom": listed[self.top :],
            "products": pairs.products,
            "settled": settled(pairs, self.tolerance, operator),
            "certain": certain,
        }

    def _require_enough(self, parameters: int) -> None:
        wanted = self.top + self.bottom
        if not 1 <= wanted <= parameters:
            raise UsageError(
                f"--top {self.top} --bottom {self.bottom} asks for {wanted} of {parameters} "
                f"eigenvalues; give 1 to {parameters}"
            )
        if self.products <= wanted and self.products < parameters:
            raise UsageError(f"--products {self.products} are too few for {wanted} eigenvalues")

    def _pairs(self, operator: LinearOperator) -> tuple[Eigenpairs, bool]:
        """The eigenpairs, first the top and then the bottom, and whether none was missed."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # an overflow is an error of its own
            try:
                return repeated(
                    operator,
                    np.random.default_rng([self.seed, STREAM]),
                    self.top,
                    self.bottom,
                    products=self.products,
                    tolerance=self.tolerance,
                    watch=lambda steps: track(steps, self.products, "products (at most)"),
                )
            except FloatingPointError as error:
                raise UsageError("a Hessian product is not finite; use other weights") from error

    def print_row(self, row: dict[str, Any]) -> None:
        """Print the ends in ``row`` as a table."""
        print("               eigenvalue   residual")
        for end in ("top", "bottom"):
            for place, pair in enumerate(row[end], 1):
                print(f"{end:<6} {place:<3} {pair['value']:>15.10g}   {pair['residual']:.1e}")
        print(f"\n{row['products']} products in {row['seconds']:.3g} s")

    def doubts(self, row: dict[str, Any]) -> str:
        """One line on the uncertainty of the ends in ``row``. It is empty if they are certain."""
        after = f"after {row['products']} products"
        if not row["settled"]:
            finer = "try float64" if row["dtype"] == "float32" else "give a larger --tolerance"
            more = "give more --products" if row["products"] >= self.products else finer
            far = f"some residuals are above {self.tolerance:g} |value|"
            return f"not settled {after}: {far}; {more}"
        if not row["certain"]:
            missing = "an eigenvalue may still be missing, as one that repeats"
            return f"{after} {missing}; give more --products"
        return ""


def at_weights(batches: Batches) -> tuple[float, np.ndarray]:
    """The mean loss over ``batches`` and its gradient, (parameters,) in flat order.

    Raises UsageError where a batch is too small for its norm, or a number is not finite.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # an overflow is an error of its own
        try:
            loss, gradient = batches.loss(), to_host(batches.gradient())
        except ValueError as error:  # a batch of one value for its norm
            raise UsageError(_too_small(batches) or str(error)) from error
    if not (math.isfinite(loss) and np.isfinite(gradient).all()):
        raise UsageError(f"the loss is {loss:.3g}, its gradient not finite; use other weights")
    return loss, gradient


def _too_small(batches: Batches) -> str:
    """That the last batch has one example, where the batches before have more."""
    sizes = [len(x) for x, _ in batches.data]
    if len(sizes) == 1 or sizes[-1] > 1 or sizes[0] == 1:
        return ""
    return (
        f"the last of {len(sizes)} batches has 1 example, and batch norm needs two values per "
        "channel; give another --batch"
    )
