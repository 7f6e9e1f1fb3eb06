"""Figures on internal covariate shift and smoothness. Each figure names the experiment that it
draws."""
