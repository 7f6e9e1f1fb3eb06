"""Figures of the chapter ``kronecker``."""
