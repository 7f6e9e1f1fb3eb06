"""The width of a net is the factor of its channels."""

from fractions import Fraction

from companion.errors import UsageError


def width_of(text: str) -> Fraction:
    """The width that a user writes, such as 1/8 or 0.5.

    >>> width_of("1/8")
    Fraction(1, 8)

    Raises UsageError where it is no positive number.
    """
    try:
        width = Fraction(text)
    except (ValueError, ZeroDivisionError):
        width = Fraction(0)
    if width <= 0:
        raise UsageError(f"width {text!r} is no width; give a positive number such as 1/32")
    return width


def widened(channels: int, width: Fraction | float) -> int:
    """``width`` times ``channels``, to the nearest whole number from 1 on."""
    return max(1, round(channels * width))
