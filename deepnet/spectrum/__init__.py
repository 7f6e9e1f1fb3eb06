"""The Hessian's spectrum at the reader's own weights: ``python -m deepnet spectrum``.

``options`` parses the command. ``weights`` reads the reader's files. ``families`` names the nets,
and ``nets`` builds the net to which the weights belong. ``subject`` puts net, weights and data
together. ``conventions`` says what the weights leave open. ``ends`` finds the extreme eigenvalues.
``density`` estimates the distribution of all eigenvalues. ``command`` prints the result.
"""
