"""Functions that SymPy lacks, each with an exact and a NumPy meaning, on one base (``base``)."""
