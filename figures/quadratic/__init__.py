"""Figures of the chapter ``quadratic``."""
