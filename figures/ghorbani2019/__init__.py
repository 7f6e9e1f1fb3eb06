"""Figures of the experiments on Hessian densities; each names the experiment that it draws."""
