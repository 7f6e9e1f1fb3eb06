"""A plugin of pytest's: CuPy and cuDNN are their stand-ins, for the whole run."""

import sys

from tests.deepnet.stand_in import fake_cudnn, strict_cupy


def pytest_configure():
    sys.modules["cupy"], sys.modules["cudnn"] = strict_cupy.cupy, fake_cudnn
