"""The stand-in for CuPy on which CUDA graphs are captured."""

import weakref
from contextlib import contextmanager
from unittest.mock import patch

from deepnet.ops.gpu import convolution, graphs
from deepnet.ops.gpu.cudnn import Convolutions
from tests.deepnet.stand_in import fake_cudnn, fake_streams, strict_cupy

LIBRARY = Convolutions(fake_cudnn)


@contextmanager
def on_device(asked="1", cudnn=LIBRARY):
    """The stand-in with its kernels and cuDNN; graphs where they are asked for."""
    fake_streams.counts.clear()
    graphs._refused.clear()
    with strict_cupy.standing_in(), patch.object(convolution, "convolutions", lambda: cudnn), \
            patch.object(graphs, "_graph_streams", weakref.WeakValueDictionary()), \
            patch.dict("os.environ", {graphs.VARIABLE: asked}):  # fmt: skip
        yield
    assert fake_streams.get_current_stream().ptr == 0 and not graphs._refused
