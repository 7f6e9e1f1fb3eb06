"""Figures of the lecture's experiments. Each figure names the experiment that it draws."""
