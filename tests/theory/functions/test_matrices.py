"""Functions of matrices that SymPy lacks, at sizes where they are hard."""

import sympy as sp

from theory.functions.matrices import kron


def test_a_product_with_an_empty_matrix_is_empty() -> None:
    for left, right in ((sp.zeros(0, 1), sp.ones(3, 2)), (sp.ones(3, 2), sp.zeros(0, 1))):
        assert kron.exact(left, right).shape == (0, 2)
