"""How a step is proved: ``tactics``, and the algebra of matrices of any size beneath them."""
