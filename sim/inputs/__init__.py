"""The spectrum of the user's own data: ``python -m sim inputs FILE``, ``sim.inputs.analyse(X)``.

``read_table`` reads a file. ``examples`` takes its moments in blocks. ``reduced`` rotates it to few
rows, ``modes`` has their singular values, and ``tridiagonal`` the form in which descent is cheap.
``independent`` gives the spectrum of independent inputs. ``descent`` predicts and runs gradient
descent. ``report`` puts them together, ``answer`` draws the conclusions, ``analysis`` and ``words``
show all, and ``command`` prints.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.inputs.analysis import analyse

__all__ = ["analyse"]


def __getattr__(name: str) -> Any:
    """``analyse``, imported when it is first asked for: the command parses before it computes."""
    if name == "analyse":
        from sim.inputs.analysis import analyse

        return analyse
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
