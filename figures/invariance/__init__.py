"""Figures of the chapter ``invariance``."""
