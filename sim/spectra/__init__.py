"""Checks of the chapter ``spectra``: random data matrices drawn many times.

Gaussian data by the bidiagonal model, other laws by dense matrices. A limit is met at finite N in
one of three ways. Where the exact mean is known, nothing remains. Where the finite-size term is
known it is added to the prediction: what remains is of order N^-2 for a mean over eigenvalues and
N^(-2/3) of its fluctuation for an extreme one. Where only the order 1/N is known, ``extrapolate``
removes it: 2 x(2N) - x(N); for a skewed law the term of order N^(-1/2) is added. What remains is at
most a few tenths of a standard error.
"""

from sim.spectra import (
    bulk,
    integrals,
    zeros,
    populations,
    spike,
    eigenvector,
    covariance,
    losses,
    rates,
    energies,
)
