"""How a closed form gets its value: numbers on balls, right to any number of digits.

``balls`` is their arithmetic, ``meanings`` what each function of SymPy means there, ``ranges`` sums
and integrates, ``walk`` goes through an expression, and ``digits`` asks for as many digits as are
wanted.
"""
