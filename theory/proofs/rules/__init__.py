"""Rules of inference about heads: a gradient, a limit, a supremum, an expectation.

A rule says whether ``left relation right`` follows, and computes that itself: nothing that a claim
hands in is taken on trust. Each has tests of its own, and refuses its own statement times 21/20.
Every file of this folder is read, so that its rules are known.
"""

from importlib import import_module
from pkgutil import iter_modules

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")
