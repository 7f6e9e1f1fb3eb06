"""Theorems of the textbooks that chains cite, in letters of their own.

Each states what it says of its letters and what it asks of them. A test draws letters at random and
evaluates both sides.
"""

from theory.proofs.theorems import linear_algebra, random_products, sequences, wide_nets

__all__ = ["linear_algebra", "random_products", "sequences", "wide_nets"]
