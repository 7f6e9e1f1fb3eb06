"""Figures of experiments on networks; each names the experiment whose results it draws."""
