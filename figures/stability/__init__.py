"""Figures of the chapter ``stability``."""
