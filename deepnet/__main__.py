"""The command ``python -m deepnet``: experiments on networks, and the spectrum of one's own."""

from collections.abc import Sequence

from companion.command import run


def main(argv: Sequence[str]) -> int:
    """``spectrum`` is a command of its own; everything else is about experiments."""
    if argv and argv[0] == "spectrum":
        from deepnet.spectrum.command import main as spectrum

        return spectrum(argv[1:])
    from deepnet.experiments.command import experiments_main

    return experiments_main(argv)


if __name__ == "__main__":
    run(main, "python -m deepnet")
