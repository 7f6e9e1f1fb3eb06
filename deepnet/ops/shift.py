"""y[..., c] = x[..., c] + b[c]: a bias, or the learnable shift of batch norm."""

from typing import Any

from deepnet.backend import array_module
from deepnet.tape import Operation

Array = Any


class ChannelShift(Operation):
    """Linear in both arguments together."""

    name = "channel_shift"

    def forward(self, x: Array, b: Array) -> tuple[Array, Any]:
        return x + b, x.shape

    def push(self, shape: Any, dx: Array, db: Array) -> Array:
        if db is None:
            return dx
        return array_module(db).broadcast_to(db, shape) if dx is None else dx + db

    def pull(self, shape: Any, g: Array, needs: Any) -> tuple:
        return g, g.reshape(-1, g.shape[-1]).sum(0)

    def bend(self, shape: Any, dxs: tuple, g: Array, dg: Array, needs: Any) -> tuple:
        return (None, None) if dg is None else self.pull(shape, dg, needs)


channel_shift = ChannelShift()
