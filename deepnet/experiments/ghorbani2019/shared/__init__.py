"""Residual nets, records and spectra, which the experiments on Hessian densities share."""
