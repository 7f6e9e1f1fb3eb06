"""The spectrum of R = XX'/p for inputs drawn at random: mean m, variance v, alpha = p/N.

X is N x p, one example per column. First the bulk (Marchenko and Pastur), then the eigenvalue that
a mean pushes out of it, last descent and energies on such a spectrum.

Where N grows a definition calls it n. X is sqrt(v) Z then, plus a mean where there is one: Z has n
rows and alpha n columns of independent entries of mean 0 and variance 1.

The proofs are for Gaussian inputs, where reflections leave a tridiagonal matrix with independent
entries; that other laws have the same limits is cited.
"""

# The bulk of the eigenvalues
from theory.spectra.bulk import edges, density, collapse
from theory.spectra.shape import semicircle, distribution

# Means over it
from theory.spectra.integrals import moments, inverse_moment

# Eigenvalues that are zero by rank
from theory.spectra.zeros import null_count, atom

# Infinitely many examples
from theory.spectra.populations import population, trace, variance_scaling, biased_condition

# The eigenvalue that a mean pushes out
from theory.spectra.spike import outlier, threshold
from theory.spectra.eigenvector import outlier_rayleigh, outlier_overlap

# What centring leaves
from theory.spectra.covariance import one_outlier, centring

# Descent on the bulk: the loss on average
from theory.spectra.losses import average_loss, average_loss_flow
from theory.spectra.late_losses import average_loss_power_law

# Descent on the bulk: the best rates
from theory.spectra.rates import bulk_rate, bulk_heavy_ball

# Where loss and gradient have their energy
from theory.spectra.cosines import energy_cosine, energy_cosine_bound
from theory.spectra.energies import energy_l1, energy_gradient
