"""Figures of the chapter ``propagation``."""
