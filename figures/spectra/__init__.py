"""Figures of the chapter ``spectra``."""
