"""A table to try the command on: the readings of a sensor, as they are drawn here."""

from pathlib import Path

import numpy as np

NAMES = ("time", "celsius", "fahrenheit", "humidity", "load")
#: Seconds since 1970 of the first reading, and between two readings.
START, EVERY = 1_700_000_000, 60


def readings(count: int = 1440, seed: int = 0) -> np.ndarray:
    """A ``count`` x 5 table of ``NAMES``, one reading per minute.

    The temperature swings once a day and is given twice. Humidity falls as it rises. The load
    depends on nothing.
    """
    rng = np.random.default_rng(seed)
    minutes = np.arange(count)
    celsius = 18 + 4 * np.sin(2 * np.pi * minutes / 1440) + rng.normal(0, 0.5, count)
    humidity = 55 - 2 * (celsius - 18) + rng.normal(0, 4, count)
    return np.column_stack(
        [
            START + EVERY * minutes,
            celsius.round(2),
            (32 + 1.8 * celsius).round(1),
            humidity.round(1),
            rng.random(count).round(3),
        ]
    )


def write(path: str | Path) -> None:
    """Write the readings to the csv file ``path``."""
    np.savetxt(path, readings(), "%.10g", ",", header=",".join(NAMES), comments="")
