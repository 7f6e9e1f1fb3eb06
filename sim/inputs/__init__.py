"""The spectrum of the user's own data: ``python -m sim inputs FILE``.

``read_table`` reads a file. ``examples`` takes its moments in blocks. ``reduced`` rotates it to few
rows, ``modes`` has their singular values, and ``tridiagonal`` the form in which descent is cheap.
``independent`` gives the spectrum of independent inputs. ``descent`` predicts and runs gradient
descent. ``report`` puts them together, and ``command`` prints.
"""
