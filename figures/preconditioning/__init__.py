"""Figures of the chapter ``preconditioning``."""
