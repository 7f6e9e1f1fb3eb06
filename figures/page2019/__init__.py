"""Figures of the post's experiments on networks; each names the experiment that it draws."""
