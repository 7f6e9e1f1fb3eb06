"""How matrices are printed: every operation is a call of the runtime."""

from typing import Any

import sympy as sp

from book.javascript.numbers import Numbers

#: What a function of matrices is called in the runtime, by its name here.
FUNCTIONS = {
    "DiagMatrix": "onDiagonal",
    "Identity": "eye",
    "Inverse": "inverse",
    "KroneckerProduct": "kron",
    "MatAdd": "add",
    "MatPow": "power",
    "OneMatrix": "ones",
    "Trace": "trace",
    "Transpose": "transpose",
    "ZeroMatrix": "zeros",
    "ascending": "ascending",
    "centred": "centred",
    "correlation": "correlation",
    "det": "det",
    "deviation": "deviation",
    "diagonal": "onDiagonal",
    "diagonal_part": "diagonalPart",
    "eigenvalues": "eigenvalues",
    "eye": "eye",
    "inner": "inner",
    "khatri_rao": "khatriRao",
    "kron": "kron",
    "largest": "largest",
    "largest_correlation": "largestCorrelation",
    "mean": "mean",
    "nonzeros": "nonzeros",
    "nth_largest": "nthLargest",
    "ones": "ones",
    "pinv": "pinv",
    "power_mean": "powerMean",
    "second_largest": "secondLargest",
    "signed_power": "signedPower",
    "smallest": "smallest",
    "smallest_positive": "smallestPositive",
    "softmax": "softmax",
    "squares": "squares",
    "stack": "stack",
    "standardised": "standardised",
    "trace": "trace",
    "variance": "variance",
    "vec": "vec",
}


class JavaScript(Numbers):
    """Prints an expression of numbers and matrices."""

    def _print_Function(self, e: Any) -> str:
        if type(e).__name__ in FUNCTIONS:
            return self._call(e)
        return super()._print_Function(e)

    _print_Max = _print_Min = _print_Heaviside = _print_Function

    def _print_MatrixExpr(self, e: Any) -> str:
        return self._call(e)

    _print_MatAdd = _print_MatPow = _print_Transpose = _print_Inverse = _print_MatrixExpr
    _print_Trace = _print_Determinant = _print_Identity = _print_OneMatrix = _print_MatrixExpr
    _print_ZeroMatrix = _print_DiagMatrix = _print_KroneckerProduct = _print_MatrixExpr

    def _call(self, e: Any) -> str:
        name = type(e).__name__
        if name not in FUNCTIONS:
            raise NotImplementedError(f"there is no JavaScript for the matrix {name}")
        arguments = e.args[:1] if isinstance(e, sp.Inverse) else e.args
        return f"r.{FUNCTIONS[name]}({self._listed(arguments)})"

    def _print_MatrixSymbol(self, e: Any) -> str:
        return str(e.name)

    def _print_MatMul(self, e: Any) -> str:
        factor, matrices = e.as_coeff_matrices()
        first, *others = matrices
        text = f"r.mul({self._listed(matrices)})" if others else self._print(first)
        return text if factor == 1 else f"r.scale({self._print(factor)}, {text})"

    def _print_BlockMatrix(self, e: Any) -> str:
        return self._print(e.blocks)

    def _print_MatrixBase(self, e: Any) -> str:
        made = "block" if any(getattr(each, "is_Matrix", False) for each in e) else "matrix"
        rows = ", ".join(f"[{self._listed(row)}]" for row in e.tolist())
        return f"r.{made}([{rows}])"

    _print_ImmutableDenseMatrix = _print_MutableDenseMatrix = _print_MatrixBase

    def _print_MatrixElement(self, e: Any) -> str:
        return f"r.entry({self._listed((e.parent, e.i, e.j))})"
