"""Experiments on Hessian densities of residual nets (ghorbani2019)."""
