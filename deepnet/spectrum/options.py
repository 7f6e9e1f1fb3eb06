"""The options of ``python -m deepnet spectrum`` and its help."""

from collections.abc import Sequence
from dataclasses import dataclass

from companion.command import Parser
from companion.options import add_json, add_seed, at_least
from deepnet.device import NAMES as DEVICES
from deepnet.nets.shortcut import SHORTCUTS
from deepnet.nets.width import width_of
from deepnet.ops import algorithm
from deepnet.ops.norm import EPS
from deepnet.spectrum.density import GHORBANI, KERNEL, Probes, kernel_of
from deepnet.spectrum.ends import Ends
from deepnet.spectrum.families import NETS, usual_activation
from deepnet.spectrum.nets import NORMS
from deepnet.spectrum.subject import Subject

DESCRIPTION = """\
The extreme eigenvalues of the Hessian of the mean loss at your own weights, on your own data, with
batch norm in the mode that you name; each with its residual |Hv - value v|, which bounds its error.

W.npz holds w:<layer> as in PyTorch's state, (out, in, rows, columns) or (out, in), and for a frozen
batch norm mean:<layer> and var:<layer>; D.npz holds x (n, channels, rows, columns), normalised as
in training, and y (n,) or (n, 1), classes from 0. One file may be both. Weights in flat order are
those of the layers in the net's order, each ravelled as it is in the file.

  page      the batch-norm post's net: prep, layer1, layer1_extra, layer2, layer2_extra, layer3,
            layer3_extra and classifier, no biases; inputs are multiplied by 1/sqrt(2), outputs by
            0.125/sqrt(6), in the net itself
  lenet     LeNet-5: conv1, conv2, dense1 (out, 16 x 5 x 5 inputs), dense2, dense3
  vgg_a     conv1, ..., conv8, dense1, dense2, dense3
  vgg16     conv1, ..., conv13, dense1, dense2, dense3
  resnet14, resnet20, resnet32
            conv1; stage1_block1_conv1, stage1_block1_conv2, stage1_block2_conv1, ...: three stages
            of 2, 3 or 5 blocks; then dense with dense_bias; the convolutions have no biases
  mlp       dense1, dense2, ... (out, in); x is flattened; with --activation linear a linear net

A resnet has a --shortcut past the first block of stage2 and of stage3:
  pool        the mean of 2 x 2 pixels, zeros in the new channels, which come last; no weights
  option-a    every second pixel, zeros in the new channels, half of them before the old channels
              and half after them, as in most ResNets for CIFAR; no weights
  projection  stage2_block1_shortcut and stage3_block1_shortcut: a 1 x 1 convolution of stride 2
              without bias, then batch norm

All weight layers of lenet, vgg and mlp have biases, <layer>_bias (out,), or none has. All layers
with batch norm, that is all but the last, have a learnable scale and shift, <layer>_scale and
<layer>_shift (out,), or none has; in PyTorch they are the weight and the bias of its batch norm.
They stay where they are under --norm none. Images are 32 x 32; page also takes squares of 8, 16,
24, ... pixels, resnet of 4, 8, 12, ...

W.npz leaves open what the output's first lines name: eps, activation, shortcut, padding, pooling.
Convolutions of 3 x 3 are padded by 1, no others are padded. Pools take maxima. A resnet has one
pool, the mean of all pixels before dense. No net has dropout.

from a PyTorch model whose convolutions have the layers' names:
  numpy.savez("W.npz", **{"w:" + name.removesuffix(".weight").replace(".bias", "_bias"):
                          weight.numpy() for name, weight in model.state_dict().items()})

norms: active (the statistics of each batch, differentiated through), frozen (those in W.npz,
constant), none; post and post-frozen: after the activation instead of before it (not for resnet).
A frozen variance is used as it is in W.npz, although PyTorch's running variances are unbiased and
the variance by which it normalises a batch is not.
No momentum enters: it only says how a training averages the statistics. A training here gives the
new batch the weight 0.1, as PyTorch does. Keras calls the weight of the old average its momentum.
With --batch the loss is the mean over the batches, each with its own statistics; otherwise all data
are one batch.
"""

EXAMPLES = """\
  python -m deepnet spectrum --net page --width 1/32 --weights W.npz --data D.npz --norm active
  python -m deepnet spectrum --net resnet20 --weights W.npz --data D.npz --norm frozen
  python -m deepnet spectrum --net mlp --weights W.npz --data D.npz --norm none --activation relu
  python -m deepnet spectrum --weights W.npz --data D.npz --norm frozen --activation softplus:10:2.5
                             --smoothing 0.5 --top 25 --bottom 0 --dtype float32 --json
  python -m deepnet spectrum --net mlp --weights W.npz --data D.npz --norm none --density --steps 60
  python -m deepnet spectrum --weights W.npz --data D.npz --norm active --dtype float32 --device gpu
"""
DENSITY = """
--density: instead of the ends the density of the whole spectrum by stochastic Lanczos quadrature:
how many eigenvalues lie where. Each number has two errors: the interval of the probes (95 %), and
the change from half the steps. Eigenvalues that all probes find are counted exactly; with as many
--steps as parameters these are all. With --json also smoothed, on a grid, with nodes and weights.
"""
#: Residuals over eigenvalues at which Lanczos stops.
TOLERANCE = {"float64": 1e-8, "float32": 1e-3}


@dataclass(frozen=True)
class Options:
    """What the command is asked: whose spectrum, which part of it, and whether it prints JSON.

    ``checkpoint`` is the folder of the products (None: they are not stored).
    """

    subject: Subject
    question: Ends | Probes
    json: bool
    checkpoint: str | None


def parse(argv: Sequence[str]) -> Options:
    """Parse ``argv``. Raises UsageError for an unknown option or a number out of range."""
    parser = Parser("python -m deepnet spectrum", DESCRIPTION + DENSITY, EXAMPLES)
    add = parser.add_argument
    add("--net", choices=NETS, default="page", help="default page")
    add("--width", default="1", help="of all nets but mlp: 1/32, 0.5, ... (default 1)")
    add("--weights", required=True, metavar="W.npz", help="your weights")
    add("--data", required=True, metavar="D.npz", help="your inputs and labels")
    add("--norm", required=True, choices=tuple(NORMS))
    add(
        "--activation",
        metavar="NAME",
        help="relu, tanh, sigmoid, linear (mlp), softplus:BETA, or softplus:10:2.5, PyTorch's "
        "literal one: the identity where BETA x is above 2.5 (default softplus:10 for page and "
        "mlp, else relu)",
    )
    add(
        "--shortcut", choices=SHORTCUTS, help="of a resnet (default pool, or what the weights tell)"
    )
    add("--smoothing", type=float, default=0, help="times mean over classes of -log p, added")
    add("--top", type=int, default=10, help="largest eigenvalues (default 10)")
    add("--bottom", type=int, default=5, help="smallest eigenvalues (default 5)")
    add("--density", action="store_true", help="instead: the density of all eigenvalues")
    add("--probes", type=int, default=10, help="of the density: random vectors (default 10)")
    add("--steps", type=int, default=90, help="of the density: products per probe (default 90)")
    add(
        "--kernel",
        default=str(KERNEL),
        metavar="SHARE",
        help="of the smoothed density: its standard deviation as a share of the range (default "
        f"{KERNEL}), or {GHORBANI}",
    )
    add("--eps", type=float, default=EPS, help=f"of batch norm (default {EPS:g}; Keras has 1e-3)")
    add("--batch", type=int, help="examples in a batch (default: all)")
    add("--recompute", action="store_true", help="keep no batch's pass in memory: slower")
    add("--products", type=int, default=1000, help="Hessian products at most (default 1000)")
    add(
        "--checkpoint",
        metavar="FOLDER",
        help="stores each Hessian product until the result is certain: after a kill, or with more "
        "--products, the command goes on from them",
    )
    add(
        "--tolerance",
        type=float,
        help="residual/value, or residual/largest value where rounding exceeds it (default 1e-8; "
        "1e-3 in float32)",
    )
    add("--dtype", choices=tuple(TOLERANCE), default="float64", help="default float64")
    add_seed(parser, "of the random vectors")
    add("--device", choices=DEVICES, default="auto", help="gpu needs CuPy; auto (default) is cpu")
    add("--convolution", choices=algorithm.NAMES, help=algorithm.HELP)
    add_json(parser)
    given = parser.parse_args(argv)
    at_least(given, top=0, bottom=0, seed=0, smoothing=0.0, tolerance=0.0, eps=0.0)
    at_least(given, products=1, batch=1, probes=2, steps=2)
    tolerance = TOLERANCE[given.dtype] if given.tolerance is None else given.tolerance
    subject = Subject(
        net=given.net,
        width=width_of(given.width),
        norm=given.norm,
        eps=given.eps,
        activation=given.activation or usual_activation(given.net),
        shortcut=given.shortcut,
        weights=given.weights,
        data=given.data,
        smoothing=given.smoothing,
        batch=given.batch,
        recompute=given.recompute,
        dtype=given.dtype,
        device=given.device,
        convolution=algorithm.chosen(given.convolution, given.device),
    )
    ends = Ends(given.top, given.bottom, given.products, tolerance, given.seed)
    density = Probes(given.probes, given.steps, given.seed, kernel_of(given.kernel))
    return Options(subject, density if given.density else ends, given.json, given.checkpoint)
