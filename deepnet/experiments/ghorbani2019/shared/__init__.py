"""What the experiments on Hessian densities share: residual nets, records and their spectra."""
