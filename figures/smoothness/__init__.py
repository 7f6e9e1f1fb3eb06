"""Figures of the chapter ``smoothness``."""
