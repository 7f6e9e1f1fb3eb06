"""Figures of the experiments on landscapes; each names the experiment that it draws."""
