"""The spectrum of the user's own data: ``python -m sim inputs FILE``.

``read_table`` reads a file, ``examples`` takes its moments in blocks, ``independent`` says what the
spectrum would be if the inputs were independent, ``descent`` predicts and runs gradient descent,
``report`` puts them together, ``command`` prints.
"""
