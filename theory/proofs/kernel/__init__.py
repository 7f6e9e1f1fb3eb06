"""The kernel: whether two expressions in a claim's letters are equal, at any size.

``words`` are products of matrices under rules, ``coordinates`` the rules that a claim's domains
give, ``sums`` finite sums over an index, and ``equality`` decides.
"""
