"""Experiments on internal covariate shift and smoothness (santurkar2018)."""
