"""Checks of the chapter ``spectra`` draw random data matrices many times.

Gaussian data come from the bidiagonal model, and other laws from dense matrices. A limit is met at
finite N in one of three ways. Where the exact mean is known, nothing remains. Where the finite-size
term is known, it is added to the prediction. Then a term of order N^-2 remains for a mean over
eigenvalues, and N^(-2/3) of its fluctuation for an extreme eigenvalue. Where only the order 1/N is
known, ``extrapolate`` removes it by 2 x(2N) - x(N). For a skewed law the term of order N^(-1/2) is
added. At most a few tenths of a standard error remain.
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
