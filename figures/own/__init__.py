"""Figures of the reader's own results, which ``--data`` names."""
