"""Products with a matrix outlive the process that computed them.

Lanczos and quadrature compute all that they do from products with a matrix and from random vectors.
A killed search is called again with equal random vectors. It finds its products on disk, takes the
steps that it took, and ends with the bits of a search that was left alone.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse.linalg import LinearOperator

from companion.files import make_folder
from companion.progress import say
from deepnet.backend import array_module, to_host
from deepnet.curvature.operators import Symmetric
from deepnet.npz import digest, read, write

Array = Any
#: The names of the files, whole or half written, and of their folder: sha256 digests.
PRODUCT = re.compile(r"[0-9a-f]{64}\.npz|\.[0-9a-f]{64}-\w+\.npz")
MATRIX = re.compile(r"[0-9a-f]{64}")


class Checkpointed(Symmetric):
    """A symmetric operator whose products are stored in a folder. See ``checkpointed``."""

    def __init__(
        self, operator: LinearOperator, folder: Path, identity: Mapping[str, Array]
    ) -> None:
        super().__init__(operator.dtype, operator.shape)
        self.operator = operator
        self.folder = make_folder(folder / digest(to_host(dict(identity))))
        self._before = sum(not path.name.startswith(".") for path in _products(self.folder))
        self._read = 0

    def multiply(self, columns: Array) -> Array:
        """The operator times each of the ``columns`` (n, k), read if it was computed before."""
        path = self.folder / f"{digest({'columns': to_host(columns)})}.npz"
        stored = read(path)
        if stored is not None:
            self._read += 1
            return self.to_device(stored["product"])
        if self._before:
            say("deepnet", f"goes on from {self._read} of {self._before} stored products")
            self._before = 0
        product = getattr(self.operator, "multiply", self.operator.matmat)(columns)
        product = array_module(product).ascontiguousarray(product)  # as it will be read
        write(path, {"product": product})
        return product

    def to_device(self, host: np.ndarray) -> Array:
        """See ``Symmetric``."""
        return getattr(self.operator, "to_device", np.asarray)(host)

    def forget(self) -> None:
        """Remove the stored products with this matrix, and the folder if nothing else is in it."""
        _remove(self.folder)
        with suppress(OSError):
            self.folder.parent.rmdir()


def checkpointed(
    operator: LinearOperator, folder: Path | str, identity: Mapping[str, Array]
) -> Checkpointed:
    """A symmetric matrix A whose products are stored, so that a killed search can go on.

        A v: read from ``folder`` if A and v had these bits before, else computed and stored

    ``lanczos``, ``repeated`` and ``quadrature`` are functions of the products and of their random
    generator. A search that was killed and is called again with an equal generator asks for the
    same products. It reads those that were finished, and ends with the bits of a search that was
    never killed. At most the product that was running is computed twice.

    A product is found by the sha256 of A's ``identity`` and of v. A search with another generator,
    another start or another matrix finds nothing, and a search for more eigenpairs finds what it
    shares with the first. Where a processor, a number of threads or a version rounds otherwise, v
    has other bits. Then nothing is found either, and the search starts anew. A line on stderr says
    how many stored products were found. A product takes 8 n bytes on disk, and is written whole or
    not at all.

    Args:
        operator: A, a symmetric SciPy ``LinearOperator`` (n, n).
        folder: The folder of the products. Several matrices may share it.
        identity: {name: array}, everything on which A depends, such as weights, data and the norm's
            name. In one folder two matrices of equal identity are taken for one.

    Returns:
        A SciPy ``LinearOperator`` (n, n) with the method ``forget()``, which removes the products.

    Raises:
        UsageError: The folder cannot be written.

    Example:
        >>> import tempfile
        >>> from scipy.sparse.linalg import aslinearoperator
        >>> from deepnet.curvature import lanczos
        >>> matrix, folder = np.diag([1.0, 2.0, 4.0]), tempfile.mkdtemp()
        >>> A = checkpointed(aslinearoperator(matrix), folder, {"matrix": matrix})
        >>> lanczos(A, np.random.default_rng(0)).values.round(9).tolist()
        [4.0]
        >>> len(list(Path(folder).rglob("*.npz")))
        3
        >>> A.forget()
        >>> Path(folder).exists()
        False
    """
    return Checkpointed(operator, Path(folder), identity)


def forget(folder: Path) -> None:
    """Remove the products with all matrices in ``folder``, and the folder if nothing else is in it.

    Files that have other names than products have stay.
    """
    with suppress(OSError):
        for each in folder.iterdir():
            if MATRIX.fullmatch(each.name):
                _remove(each)
        folder.rmdir()


def _remove(folder: Path) -> None:
    with suppress(OSError):
        for path in _products(folder):
            path.unlink(missing_ok=True)
        folder.rmdir()


def _products(folder: Path) -> list[Path]:
    """The files of products in ``folder``, whole or half written."""
    return [path for path in folder.iterdir() if PRODUCT.fullmatch(path.name)]
