"""Figures of the lecture's experiments; each names the experiment that it draws."""
