"""Nets, rules of descent, and turning weights, which the experiments on the lecture share."""
