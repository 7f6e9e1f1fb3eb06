"""Figures of the post's experiments on networks. Each figure names the experiment that it draws."""
