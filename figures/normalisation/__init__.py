"""Figures of the chapter ``normalisation``."""
