"""Figures of the experiments on Hessian densities. Each figure names the experiment that it
draws."""
