"""Figures of the experiments on landscapes. Each figure names the experiment that it draws."""
