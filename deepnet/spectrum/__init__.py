"""The Hessian's spectrum at the reader's own weights: ``python -m deepnet spectrum``.

``options`` parses the command to a ``subject``, which says whose spectrum is asked for, and to a
question. ``contents`` reads the subject's files once: ``weights`` checks them, ``families`` names
the nets, and ``nets`` builds the net to which the weights belong. The question is answered by
``ends``, the extreme eigenvalues, or by ``density``, the distribution of all eigenvalues.
``conventions`` says what the weights leave open. ``command`` prints the answer.
"""
