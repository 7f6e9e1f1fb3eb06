"""Figures on internal covariate shift and smoothness; each names the experiment that it draws."""
