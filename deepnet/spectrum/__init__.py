"""The Hessian's spectrum at the reader's own weights: ``python -m deepnet spectrum``.

``options`` parses, ``weights`` reads the reader's files, ``nets`` builds the net that the weights
belong to, ``subject`` puts net, weights and data together. ``ends`` finds the extreme eigenvalues,
``density`` estimates how all eigenvalues are distributed, ``command`` prints either.
"""
