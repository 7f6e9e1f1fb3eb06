"""Theorems of the textbooks that chains cite, in letters of their own.

Each states what it says of its letters and what it asks of them. A test draws letters at random and
evaluates both sides. Every file of this folder is read, so that its theorems are known.
"""

from importlib import import_module
from pkgutil import iter_modules

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")
