"""Writes the reference values the engine is tested against: python3 tests/golden/generate.py

Needs PyTorch and NumPy (Debian: apt install python3-torch). README.md describes the files.
"""

import itertools
from pathlib import Path

import numpy as np
import torch
from torch import nn

import streams

HERE = Path(__file__).parent
DTYPES = {"float64": torch.float64, "float32": torch.float32}


class Golden:
    """A file of named tensors, one a line."""

    def __init__(self, file, *comments):
        self.file = HERE / file
        origin = f"Written by generate.py with PyTorch {torch.__version__} and NumPy {np.__version__}."
        self.lines = [f"# {comment}" for comment in (origin, *comments)]
        self.names = set()

    def comment(self, text):
        self.lines.append(f"# {text}")

    def add(self, name, value, dtype=None):
        """`value` is a tensor, an array, a list or a number; `dtype` is its own unless given."""
        if isinstance(value, torch.Tensor):
            value = value.detach().numpy()
        array = np.asarray(value, dtype=dtype)
        if array.dtype == np.int64:
            array = array.astype(np.int32)
        assert name not in self.names and " " not in name
        assert array.dtype.name in ("float32", "float64", "int32", "uint64"), array.dtype
        self.names.add(name)
        shape = "x".join(str(extent) for extent in array.shape or (1,))
        values = " ".join(self.text(v) for v in array.reshape(-1))
        self.lines.append(f"{name} {array.dtype.name} {shape} : {values}")

    @staticmethod
    def text(value):
        """The fewest digits that read back as the same number."""
        if not np.issubdtype(value.dtype, np.floating):
            return str(value)
        text = np.format_float_positional(value, unique=True, trim="-")
        if len(text) > 22:
            text = np.format_float_scientific(value, unique=True, trim="-")
        # Readers may go through a double on the way to a float.
        assert value.dtype.type(float(text)) == value or np.isnan(value)
        return text

    def write(self):
        self.file.write_text("\n".join(self.lines) + "\n")
        print(f"{self.file.name}: {len(self.names)} tensors, {self.file.stat().st_size} bytes")


class Inputs:
    """Inputs of few digits, the same for every dtype: what is drawn as a double is exact to print."""

    def __init__(self, seed):
        self.random = np.random.RandomState(seed)

    def normal(self, *shape, mean=0.0, std=1.0):
        return self.random.normal(mean, std, shape).round(3)

    def uniform(self, low, high, *shape):
        return self.random.uniform(low, high, shape).round(3)


def tensor(array, dtype, grad=False):
    return torch.tensor(array, dtype=DTYPES[dtype], requires_grad=grad)


# ---- batch normalization ------------------------------------------------------------------------------------------


def batch_norm_case(golden, inputs, case, shape, affine, eps, momentum):
    channels = shape[1]
    x = inputs.normal(*shape, mean=1.5, std=2)
    # A random upstream gradient: with dy constant, dx would be zero whatever the code does.
    dy = inputs.normal(*shape)
    given = {
        "gamma": inputs.normal(channels, mean=1, std=0.5),
        "beta": inputs.normal(channels),
        "running_mean": inputs.normal(channels),
        "running_var": inputs.uniform(0.5, 2, channels),
    }
    golden.comment(f"{case}: affine {affine}, momentum {momentum}")
    golden.add(f"{case}/eps", eps)
    golden.add(f"{case}/momentum", momentum)
    golden.add(f"{case}/x", x)
    golden.add(f"{case}/dy", dy)
    for name in ("gamma", "beta") if affine else ():
        golden.add(f"{case}/{name}", given[name])
    golden.add(f"{case}/running_mean", given["running_mean"])
    golden.add(f"{case}/running_var", given["running_var"])

    Layer = nn.BatchNorm1d if len(shape) == 2 else nn.BatchNorm2d
    for dtype, mode in itertools.product(DTYPES, ("training", "inference")):
        layer = Layer(channels, eps=eps, momentum=momentum, affine=affine).to(DTYPES[dtype])
        with torch.no_grad():
            layer.running_mean.copy_(tensor(given["running_mean"], dtype))
            layer.running_var.copy_(tensor(given["running_var"], dtype))
            if affine:
                layer.weight.copy_(tensor(given["gamma"], dtype))
                layer.bias.copy_(tensor(given["beta"], dtype))
        layer.train(mode == "training")
        leaf = tensor(x, dtype, grad=True)
        y = layer(leaf)
        (y * tensor(dy, dtype)).sum().backward()
        prefix = f"{case}/{dtype}/{mode}"
        golden.add(f"{prefix}/y", y)
        golden.add(f"{prefix}/dx", leaf.grad)
        if affine:
            golden.add(f"{prefix}/dgamma", layer.weight.grad)
            golden.add(f"{prefix}/dbeta", layer.bias.grad)
        if mode == "training":
            golden.add(f"{prefix}/running_mean", layer.running_mean)
            golden.add(f"{prefix}/running_var", layer.running_var)


def batch_norm():
    golden = Golden(
        "batch_norm.txt",
        "nn.BatchNorm1d and 2d, training and inference mode, loss = sum(y * dy).",
        "running_mean and running_var of a case stand before the pass, those below a mode after it.",
    )
    inputs = Inputs(1)
    batch_norm_case(golden, inputs, "bc", (7, 5), True, 1e-5, 0.1)
    batch_norm_case(golden, inputs, "bc_plain", (4, 3), False, 1e-5, 0.1)
    batch_norm_case(golden, inputs, "bc_wide", (5, 23), True, 1e-2, 0.3)
    batch_norm_case(golden, inputs, "bchw", (3, 2, 2, 3), True, 1e-3, 0.25)
    batch_norm_case(golden, inputs, "bchw_plain", (1, 3, 2, 2), False, 1e-5, 0.1)

    golden.comment("cumulative: momentum=None, three batches one after the other")
    batches = [inputs.normal(size, 2, mean=3) for size in (4, 6, 5)]
    for k, x in enumerate(batches):
        golden.add(f"cumulative/{k}/x", x)
    for dtype in DTYPES:
        layer = nn.BatchNorm1d(2, momentum=None).to(DTYPES[dtype])
        for k, x in enumerate(batches):
            layer(tensor(x, dtype))
            golden.add(f"cumulative/{dtype}/{k}/running_mean", layer.running_mean)
            golden.add(f"cumulative/{dtype}/{k}/running_var", layer.running_var)
    golden.write()


def conventions():
    golden = Golden(
        "conventions.txt",
        "Running statistics as frameworks keep them, over three batches from (0, 1), and y in both modes afterwards.",
        "pytorch ran. The others are their documented formulas in NumPy, not runs of these frameworks:",
        "keras: Keras 3 BatchNormalization, moving <- moving*momentum + batch*(1-momentum), biased variance, eps 1e-3.",
        "tf_fused: the same with the unbiased variance stored, as TensorFlow's fused kernel.",
        "onnx: BatchNormalization-15, running <- running*momentum + batch*(1-momentum), biased variance, eps 1e-5.",
        "momentum is in the convention's own sense.",
    )
    inputs = Inputs(2)
    batches = [inputs.normal(4, 2, mean=2, std=3) for _ in range(3)]
    gamma = inputs.normal(2, mean=1)
    beta = inputs.normal(2)
    golden.add("gamma", gamma)
    golden.add("beta", beta)
    for k, x in enumerate(batches):
        golden.add(f"{k}/x", x)

    layer = nn.BatchNorm1d(2).double()
    golden.add("pytorch/momentum", layer.momentum)
    golden.add("pytorch/eps", layer.eps)
    with torch.no_grad():
        layer.weight.copy_(tensor(gamma, "float64"))
        layer.bias.copy_(tensor(beta, "float64"))
        for k, x in enumerate(batches):
            y = layer(tensor(x, "float64"))
            golden.add(f"pytorch/{k}/running_mean", layer.running_mean)
            golden.add(f"pytorch/{k}/running_var", layer.running_var)
        golden.add("pytorch/y_training", y)
        golden.add("pytorch/y_inference", layer.eval()(tensor(batches[-1], "float64")))

    for name, momentum, eps, unbiased in (
        ("keras", 0.99, 1e-3, 0),
        ("tf_fused", 0.99, 1e-3, 1),
        ("onnx", 0.9, 1e-5, 0),
    ):
        golden.add(f"{name}/momentum", momentum)
        golden.add(f"{name}/eps", eps)
        running_mean, running_var = np.zeros(2), np.ones(2)
        for k, x in enumerate(batches):
            running_mean = running_mean * momentum + x.mean(0) * (1 - momentum)
            running_var = running_var * momentum + x.var(0, ddof=unbiased) * (1 - momentum)
            golden.add(f"{name}/{k}/running_mean", running_mean)
            golden.add(f"{name}/{k}/running_var", running_var)
        golden.add(f"{name}/y_training", gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + eps) + beta)
        golden.add(f"{name}/y_inference", gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta)
    golden.write()


def fold():
    golden = Golden(
        "fold.txt",
        "nn.Linear, then nn.BatchNorm1d in inference mode: y of both, and the one layer",
        "torch.nn.utils.fusion.fuse_linear_bn_eval makes of them.",
    )
    inputs = Inputs(3)
    x = inputs.normal(5, 3)
    linear = nn.Linear(3, 4).double()
    norm = nn.BatchNorm1d(4).double().eval()
    with torch.no_grad():
        linear.weight.copy_(tensor(inputs.normal(4, 3), "float64"))
        linear.bias.copy_(tensor(inputs.normal(4), "float64"))
        norm.weight.copy_(tensor(inputs.normal(4, mean=1), "float64"))
        norm.bias.copy_(tensor(inputs.normal(4), "float64"))
        norm.running_mean.copy_(tensor(inputs.normal(4), "float64"))
        norm.running_var.copy_(tensor(inputs.uniform(0.2, 3, 4), "float64"))
    golden.add("eps", norm.eps)
    golden.add("x", x)
    golden.add("weight", linear.weight)
    golden.add("bias", linear.bias)
    golden.add("gamma", norm.weight)
    golden.add("beta", norm.bias)
    golden.add("running_mean", norm.running_mean)
    golden.add("running_var", norm.running_var)
    golden.add("y", norm(linear(tensor(x, "float64"))))
    folded = nn.utils.fusion.fuse_linear_bn_eval(linear.eval(), norm)
    golden.add("folded/weight", folded.weight)
    golden.add("folded/bias", folded.bias)
    golden.write()


# ---- the other normalisations -------------------------------------------------------------------------------------


def normalization_inputs(golden, inputs, case, shape, affine_shape, **numbers):
    """Writes what is given and returns it: x, dy and, where there is an affine shape, gamma and beta."""
    given = {"x": inputs.normal(*shape, mean=1.5, std=2), "dy": inputs.normal(*shape)}
    if affine_shape:
        given["gamma"] = inputs.normal(*affine_shape, mean=1, std=0.5)
        given["beta"] = inputs.normal(*affine_shape)
    for name, value in {**numbers, **given}.items():
        golden.add(f"{case}/{name}", float(value) if name in numbers else value)
    return given


def like_x(values, x):
    """(C) as it stands beside (B, C) or (B, C, H, W)."""
    return values.reshape(1, -1, *[1] * (x.dim() - 2))


def record_normalization(golden, case, given, normalize):
    """normalize(dtype, leaves) returns y and what else is to be written, by name."""
    for dtype in DTYPES:
        leaves = {name: tensor(value, dtype, grad=True) for name, value in given.items() if name != "dy"}
        y, others = normalize(dtype, leaves)
        (y * tensor(given["dy"], dtype)).sum().backward()
        golden.add(f"{case}/{dtype}/y", y)
        for name, leaf in leaves.items():
            golden.add(f"{case}/{dtype}/d{name}", leaf.grad)
        for name, value in others.items():
            golden.add(f"{case}/{dtype}/{name}", value)


def normalizations_per_example(golden, inputs):
    golden.comment("nn.LayerNorm, nn.GroupNorm and nn.InstanceNorm2d: `groups` 1, in between, and one per channel.")
    for case, layer, shape in (
        ("layer", nn.LayerNorm(5), (4, 5)),
        ("layer_wide", nn.LayerNorm(43, eps=1e-3), (3, 43)),
        ("layer_pictures", nn.LayerNorm((3, 2, 2)), (2, 3, 2, 2)),
        ("layer_channels", nn.GroupNorm(1, 4), (2, 4, 3, 3)),
        ("group", nn.GroupNorm(2, 6, eps=1e-2), (3, 6)),
        ("group_pictures", nn.GroupNorm(2, 6), (2, 6, 2, 3)),
        ("group_plain", nn.GroupNorm(3, 9, affine=False), (2, 9, 1, 3)),
        ("instance", nn.InstanceNorm2d(3, affine=True), (2, 3, 3, 4)),
    ):
        groups = getattr(layer, "num_groups", shape[1] if case == "instance" else 1)
        affine_shape = () if layer.weight is None else layer.weight.shape
        given = normalization_inputs(golden, inputs, case, shape, affine_shape, groups=groups, eps=layer.eps)

        def normalize(dtype, leaves):
            layer.to(DTYPES[dtype])
            if affine_shape:
                del layer.weight, layer.bias  # or PyTorch would insist on parameters of its own
                layer.weight, layer.bias = leaves["gamma"], leaves["beta"]
            return layer(leaves["x"]), {}

        record_normalization(golden, case, given, normalize)


def batch_renorm(golden, inputs):
    golden.comment("Batch Renormalization by its definition, r and d detached from the graph; `momentum` weighs the new.")
    for case, shape, eps, r_max, d_max in (
        ("renorm_free", (6, 4), 1e-5, 100, 100),
        ("renorm_bounded", (7, 5), 1e-3, 1.3, 0.4),
        ("renorm_pictures", (2, 3, 2, 3), 1e-5, 3, 5),
        ("renorm_closed", (5, 3), 1e-5, 1, 0),
    ):
        channels, momentum = shape[1], 0.2
        given = normalization_inputs(
            golden, inputs, case, shape, (channels,), eps=eps, r_max=r_max, d_max=d_max, momentum=momentum
        )
        running_mean, running_std = inputs.normal(channels), inputs.uniform(0.5, 3, channels)
        golden.add(f"{case}/running_mean", running_mean)
        golden.add(f"{case}/running_std", running_std)

        def normalize(dtype, leaves):
            x, gamma, beta = leaves["x"], leaves["gamma"], leaves["beta"]
            axes = [axis for axis in range(x.dim()) if axis != 1]
            mean = x.mean(axes)
            std = (((x - like_x(mean, x)) ** 2).mean(axes) + eps).sqrt()
            M, S = tensor(running_mean, dtype), tensor(running_std, dtype)
            r = (std / S).clamp(1 / r_max, r_max).detach()
            d = ((mean - M) / S).clamp(-d_max, d_max).detach()
            xhat = (x - like_x(mean, x)) / like_x(std, x) * like_x(r, x) + like_x(d, x)
            return xhat * like_x(gamma, x) + like_x(beta, x), {
                "xhat": xhat,
                "r": r,
                "d": d,
                "running_mean": (1 - momentum) * M + momentum * mean,
                "running_std": (1 - momentum) * S + momentum * std,
            }

        record_normalization(golden, case, given, normalize)


def expected_largest_normal(count):
    """E max|z| of so many normal numbers, by the trapezoidal rule, whose ends are flat here."""
    points, step = np.linspace(0, 12, 12001, retstep=True)
    beyond = 1 - torch.erf(torch.tensor(points / np.sqrt(2))).numpy() ** count
    return (beyond.sum() - (beyond[0] + beyond[-1]) / 2) * step


def lp_norm(golden, inputs):
    golden.comment("Batch norm by the mean |d|, the root mean square and the largest |d|, by definition. `p` 0 is infinity.")
    for shape, eps in (((8, 5), 1e-3), ((2, 3, 2, 4), 1e-5)):
        for p in (1, 2, 0):
            case = f"l{p or 'inf'}" + ("_pictures" if len(shape) == 4 else "")
            given = normalization_inputs(golden, inputs, case, shape, (shape[1],), p=p, eps=eps)

            def normalize(dtype, leaves):
                x, gamma, beta = leaves["x"], leaves["gamma"], leaves["beta"]
                columns = x.transpose(0, 1).reshape(shape[1], -1)
                mean = columns.mean(1)
                d = columns - mean[:, None]
                if p == 1:
                    scale = d.abs().mean(1) * np.sqrt(np.pi / 2)
                elif p == 2:
                    scale = (d**2).mean(1).sqrt()
                else:
                    scale = d.abs().max(1).values / expected_largest_normal(columns.shape[1])
                xhat = (x - like_x(mean, x)) / (like_x(scale, x) + eps)
                y = xhat * like_x(gamma, x) + like_x(beta, x)
                return y, {"xhat": xhat, "mean": mean, "scale": scale}

            record_normalization(golden, case, given, normalize)


def ghost_batch_norm(golden, inputs):
    golden.comment("Ghost batch norm: F.batch_norm of every `group` examples and of the rest, unless that is a single value.")
    for case, shape, group, starts in (
        ("ghost", (8, 3), 4, (0, 4)),
        ("ghost_rest", (11, 5), 4, (0, 4, 8)),
        ("ghost_joined", (9, 2), 4, (0, 4)),
        ("ghost_pictures", (5, 2, 2, 3), 2, (0, 2, 4)),
    ):
        eps = 1e-5
        given = normalization_inputs(golden, inputs, case, shape, (shape[1],), group=group, eps=eps)

        def normalize(dtype, leaves):
            parts = torch.tensor_split(leaves["x"], starts[1:])
            gamma, beta = leaves["gamma"], leaves["beta"]
            normalized = [nn.functional.batch_norm(x, None, None, gamma, beta, training=True, eps=eps) for x in parts]
            return torch.cat(normalized), {}

        record_normalization(golden, case, given, normalize)


def normalizations():
    golden = Golden(
        "normalizations.txt",
        "Normalisation per example, batch renormalization, lp norm, ghost batches; loss = sum(y * dy), in training mode.",
    )
    inputs = Inputs(10)
    normalizations_per_example(golden, inputs)
    batch_renorm(golden, inputs)
    lp_norm(golden, inputs)
    ghost_batch_norm(golden, inputs)
    golden.write()


# ---- layers and losses --------------------------------------------------------------------------------------------


def layers():
    golden = Golden("layers.txt", "nn.Linear and elementwise nonlinearities; loss = sum(y * dy).")
    inputs = Inputs(4)
    x, dy = inputs.normal(5, 7), inputs.normal(5, 3)
    weight, bias = inputs.normal(3, 7), inputs.normal(3)
    for name, value in (("x", x), ("dy", dy), ("weight", weight), ("bias", bias)):
        golden.add(f"linear/{name}", value)
    for dtype in DTYPES:
        leaves = [tensor(value, dtype, grad=True) for value in (x, weight, bias)]
        y = nn.functional.linear(*leaves)
        (y * tensor(dy, dtype)).sum().backward()
        golden.add(f"linear/{dtype}/y", y)
        for name, leaf in zip(("dx", "dweight", "dbias"), leaves):
            golden.add(f"linear/{dtype}/{name}", leaf.grad)

    x = np.concatenate([inputs.normal(9, std=2), [0, -0.5, 8, -8, 20, -20, 100, -100]])
    dy = inputs.normal(x.size)
    golden.add("activation/x", x)
    golden.add("activation/dy", dy)
    golden.add("leaky_relu/slope", 0.2)
    for name, function in (
        ("relu", torch.relu),
        ("leaky_relu", lambda x: nn.functional.leaky_relu(x, 0.2)),
        ("sigmoid", torch.sigmoid),
        ("tanh", torch.tanh),
    ):
        for dtype in DTYPES:
            leaf = tensor(x, dtype, grad=True)
            y = function(leaf)
            (y * tensor(dy, dtype)).sum().backward()
            golden.add(f"{name}/{dtype}/y", y)
            golden.add(f"{name}/{dtype}/dx", leaf.grad)
    golden.write()


def convolution():
    golden = Golden("convolution.txt", "nn.functional's conv2d, max_pool2d and avg_pool2d; loss = sum(y * dy).")
    inputs = Inputs(9)
    functional = nn.functional

    def record(case, dtype, y, dy, gradients):
        (y * tensor(dy, dtype)).sum().backward()
        golden.add(f"{case}/{dtype}/y", y)
        for name, leaf in gradients.items():
            golden.add(f"{case}/{dtype}/{name}", leaf.grad)

    for case, shape, outputs, kernel, stride, padding in (
        ("conv/same", (2, 3, 5, 4), 4, 3, 1, 1),
        ("conv/valid", (2, 1, 5, 6), 2, 3, 1, 0),
        ("conv/strided", (2, 2, 7, 6), 3, 3, 2, 1),
        ("conv/pointwise", (3, 3, 4, 3), 5, 1, 1, 0),
        ("conv/wide", (1, 2, 6, 7), 3, 5, 2, 2),
        ("conv/whole", (2, 2, 3, 3), 4, 5, 1, 1),
    ):
        x, bias = inputs.normal(*shape), inputs.normal(outputs)
        weight = inputs.normal(outputs, shape[1], kernel, kernel)
        high, wide = ((extent + 2 * padding - kernel) // stride + 1 for extent in shape[2:])
        dy = inputs.normal(shape[0], outputs, high, wide)
        for name, value in (("stride", float(stride)), ("padding", float(padding)), ("x", x)):
            golden.add(f"{case}/{name}", value)
        for name, value in (("weight", weight), ("bias", bias), ("dy", dy)):
            golden.add(f"{case}/{name}", value)
        for dtype in DTYPES:
            leaves = [tensor(value, dtype, grad=True) for value in (x, weight, bias)]
            y = functional.conv2d(*leaves, stride=stride, padding=padding)
            record(case, dtype, y, dy, dict(zip(("dx", "dweight", "dbias"), leaves)))

    for case, shape, size, stride in (
        ("pool/halves", (2, 2, 4, 6), 2, 2),
        ("pool/left_out", (2, 2, 5, 7), 2, 2),
        ("pool/overlapping", (1, 3, 7, 6), 3, 2),
        ("pool/apart", (2, 1, 6, 7), 1, 3),
    ):
        # Whole numbers, so that windows have several largest values.
        x = inputs.normal(*shape, std=1.5).round()
        high, wide = ((extent - size) // stride + 1 for extent in shape[2:])
        dy = inputs.normal(*shape[:2], high, wide)
        for name, value in (("size", float(size)), ("stride", float(stride)), ("x", x), ("dy", dy)):
            golden.add(f"{case}/{name}", value)
        for dtype in DTYPES:
            for name, pool in (("max", functional.max_pool2d), ("average", functional.avg_pool2d)):
                leaf = tensor(x, dtype, grad=True)
                record(f"{case}/{name}", dtype, pool(leaf, size, stride), dy, {"dx": leaf})
    golden.write()


def losses():
    golden = Golden("losses.txt", "torch.nn.functional losses with reduction='mean', and their gradients.")
    inputs = Inputs(5)
    logits = inputs.normal(6, 4, std=2)
    logits[4] = [90, -90, 0, 89]
    classes = np.array([0, 3, 1, 2, 3, 1])
    z = np.concatenate([inputs.normal(4, 3, std=2), [[-60, 60, 0]]])
    probabilities = np.concatenate([inputs.uniform(0, 1, 3, 3), [[0, 1, 1], [0, 1, 0.5]]])
    prediction, target = inputs.normal(5, 3), inputs.normal(5, 3)
    functional = nn.functional
    for name, function, given, wanted in (
        ("cross_entropy", functional.cross_entropy, logits, classes),
        ("bce_with_logits", functional.binary_cross_entropy_with_logits, z, probabilities),
        ("mse", functional.mse_loss, prediction, target),
    ):
        golden.add(f"{name}/prediction", given)
        golden.add(f"{name}/target", wanted)
        for dtype in DTYPES:
            leaf = tensor(given, dtype, grad=True)
            loss = function(leaf, torch.tensor(wanted) if wanted is classes else tensor(wanted, dtype))
            loss.backward()
            golden.add(f"{name}/{dtype}/loss", loss)
            golden.add(f"{name}/{dtype}/gradient", leaf.grad)
    golden.write()


# ---- optimisation -------------------------------------------------------------------------------------------------


def sgd():
    golden = Golden(
        "sgd.txt",
        "torch.optim.SGD over four given gradients, parameter (and velocity, where there is momentum) after each.",
        "decoupled and decoupled_momentum by definition, in NumPy: w <- (1 - lr*weight_decay)*w, then SGD's step.",
    )
    inputs = Inputs(6)
    start = inputs.normal(5)
    gradients = [inputs.normal(5) for _ in range(4)]
    golden.add("parameter", start)
    for k, gradient in enumerate(gradients):
        golden.add(f"gradient/{k}", gradient)
    for case, options in {
        "plain": {"lr": 0.1},
        "weight_decay": {"lr": 0.1, "weight_decay": 0.05},
        "momentum": {"lr": 0.1, "momentum": 0.9},
        "momentum_weight_decay": {"lr": 0.05, "momentum": 0.8, "weight_decay": 0.02},
        "nesterov": {"lr": 0.1, "momentum": 0.9, "nesterov": True},
        "nesterov_weight_decay": {"lr": 0.05, "momentum": 0.7, "nesterov": True, "weight_decay": 0.03},
    }.items():
        for name in ("lr", "momentum", "weight_decay"):
            golden.add(f"{case}/{name}", float(options.get(name, 0)))
        for dtype in DTYPES:
            parameter = tensor(start, dtype, grad=True)
            optimizer = torch.optim.SGD([parameter], **options)
            for k, gradient in enumerate(gradients):
                parameter.grad = tensor(gradient, dtype)
                optimizer.step()
                golden.add(f"{case}/{dtype}/{k}/parameter", parameter)
                if "momentum" in options:
                    velocity = optimizer.state[parameter]["momentum_buffer"]
                    golden.add(f"{case}/{dtype}/{k}/velocity", velocity)

    for case, momentum in (("decoupled", 0.0), ("decoupled_momentum", 0.9)):
        lr, weight_decay = 0.1, 0.04
        golden.add(f"{case}/lr", lr)
        golden.add(f"{case}/momentum", momentum)
        golden.add(f"{case}/weight_decay", weight_decay)
        w, u = start.copy(), np.zeros(5)
        for k, gradient in enumerate(gradients):
            w *= 1 - lr * weight_decay
            u = momentum * u + gradient
            w -= lr * u
            golden.add(f"{case}/float64/{k}/parameter", w)
            if momentum:
                golden.add(f"{case}/float64/{k}/velocity", u)
    golden.write()


STEPS = 20
CHECKPOINTS = (1, 2, 5, 10, 20)


def trajectory(file, seed, network, loss, options, batch_sizes, targets, comments, picture=()):
    """20 steps of SGD; every tensor at the checkpoints, in both dtypes from the same weights and batches.

    `picture` is the shape of an example where it is one; examples are written as rows.
    """
    golden = Golden(
        file,
        *comments,
        f"{STEPS} steps of torch.optim.SGD, batch k (from 0) before step k+1. Every tensor of the state_dict after the",
        f"steps {CHECKPOINTS}; the losses before each update; the gradients of the last step; and the outputs for",
        "probe/x in both modes at the end.",
    )
    inputs = Inputs(seed)
    for name, value in options.items():
        golden.add(name, float(value))
    start = {}
    for name, value in network.state_dict().items():
        if name.endswith(("weight", "bias")):
            spread = 1 / value[0].numel() ** 0.5 if value.dim() >= 2 else 0.3
            start[name] = inputs.normal(*value.shape, mean=0 if value.dim() >= 2 else 0.5, std=spread)
            golden.add(f"start/{name}", start[name])
    features = int(np.prod(picture)) if picture else network[0].in_features

    def examples(x, dtype):
        return tensor(x, dtype).reshape(-1, *(picture or (features,)))

    batches = []
    for k in range(STEPS):
        x = inputs.normal(batch_sizes[k % len(batch_sizes)], features, mean=0.5)
        y = targets(x)
        batches.append((x, y))
        golden.add(f"batch/{k}/x", x)
        golden.add(f"batch/{k}/y", y)
    probe = inputs.normal(5, features, mean=0.5)
    golden.add("probe/x", probe)

    for dtype in DTYPES:
        network = network.to(DTYPES[dtype]).train()
        for module in network:
            if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
                module.reset_running_stats()
        with torch.no_grad():
            for name, value in start.items():
                network.get_parameter(name).copy_(tensor(value, dtype))
        optimizer = torch.optim.SGD(network.parameters(), **options)
        losses = []
        for k, (x, y) in enumerate(batches):
            optimizer.zero_grad()
            target = torch.tensor(y) if y.dtype == np.int64 else tensor(y, dtype)
            value = loss(network(examples(x, dtype)), target)
            value.backward()
            optimizer.step()
            losses.append(value.item())
            if k + 1 in CHECKPOINTS:
                for name, value in network.state_dict().items():
                    golden.add(f"{dtype}/step/{k + 1}/{name}", value)
        golden.add(f"{dtype}/losses", losses, dtype)
        for name, parameter in network.named_parameters():
            golden.add(f"{dtype}/gradient/{name}", parameter.grad)
        golden.add(f"{dtype}/probe/inference", network.eval()(examples(probe, dtype)))
        golden.add(f"{dtype}/probe/training", network.train()(examples(probe, dtype)))
    golden.write()


def trajectories():
    trajectory(
        "trajectory_cross_entropy.txt",
        7,
        nn.Sequential(
            nn.Linear(3, 8, bias=False),
            nn.BatchNorm1d(8),
            nn.Sigmoid(),
            nn.Linear(8, 6, bias=False),
            nn.BatchNorm1d(6),
            nn.Sigmoid(),
            nn.Linear(6, 3),
        ),
        nn.functional.cross_entropy,
        {"lr": 0.2, "momentum": 0.9, "weight_decay": 0.01},
        batch_sizes=(10,),
        targets=lambda x: x.argmax(1),
        comments=(
            "Linear(3, 8, bias=False), BatchNorm1d(8), Sigmoid, Linear(8, 6, bias=False), BatchNorm1d(6), Sigmoid,",
            "Linear(6, 3); cross entropy; momentum and weight decay.",
        ),
    )
    trajectory(
        "trajectory_bce.txt",
        8,
        nn.Sequential(
            nn.Linear(2, 7),
            nn.BatchNorm1d(7, momentum=None),
            nn.ReLU(),
            nn.Linear(7, 5, bias=False),
            nn.BatchNorm1d(5, eps=1e-3, momentum=0.3, affine=False),
            nn.ReLU(),
            nn.Linear(5, 1),
        ),
        nn.functional.binary_cross_entropy_with_logits,
        {"lr": 0.1, "momentum": 0.8, "nesterov": True},
        batch_sizes=(12, 12, 7),
        targets=lambda x: (x[:, :1] * x[:, 1:] > 0).astype(np.float64),
        comments=(
            "Linear(2, 7), BatchNorm1d(7, momentum=None), ReLU, Linear(7, 5, bias=False),",
            "BatchNorm1d(5, eps=1e-3, momentum=0.3, affine=False), ReLU, Linear(5, 1); binary cross entropy with",
            "logits; Nesterov momentum; every third batch is smaller.",
        ),
    )
    trajectory(
        "trajectory_convolution.txt",
        10,
        nn.Sequential(
            nn.Conv2d(2, 5, 3, padding=1, bias=False),
            nn.BatchNorm2d(5),
            nn.LeakyReLU(0.1),
            nn.MaxPool2d(2),
            nn.Conv2d(5, 4, 3, stride=2, padding=2),
            nn.BatchNorm2d(4, momentum=0.3),
            nn.ReLU(),
            nn.AvgPool2d(2, stride=1),
            nn.Flatten(),
            nn.Linear(8, 3),
        ),
        nn.functional.cross_entropy,
        {"lr": 0.1, "momentum": 0.9},
        batch_sizes=(6, 6, 5),
        targets=lambda x: x[:, :3].argmax(1),
        comments=(
            "Examples (2, 6, 5). Conv2d(2, 5, 3, padding=1, bias=False), BatchNorm2d(5), LeakyReLU(0.1), MaxPool2d(2),",
            "Conv2d(5, 4, 3, stride=2, padding=2), BatchNorm2d(4, momentum=0.3), ReLU, AvgPool2d(2, stride=1), Flatten,",
            "Linear(8, 3); cross entropy; momentum; every third batch is smaller.",
        ),
        picture=(2, 6, 5),
    )


# ---- random numbers -----------------------------------------------------------------------------------------------


def random():
    golden = Golden(
        "random.txt",
        "The engine's random streams by streams.py, which follows the published SplitMix64 and xoshiro256**.",
        "Every sequence starts anew from its seed and stream. They are compared bit for bit.",
    )
    for seed, name in itertools.product((1, 4294967295), streams.STREAMS):
        prefix = f"{seed}/{name}"
        golden.add(f"{prefix}/words", streams.take(streams.stream(seed, name), 8), np.uint64)
        golden.add(f"{prefix}/words_of_part_3", streams.take(streams.stream(seed, name, part=3), 4), np.uint64)
        words = streams.stream(seed, name)
        golden.add(f"{prefix}/uniform", [streams.uniform(words) for _ in range(8)])
        words = streams.stream(seed, name)
        golden.add(f"{prefix}/normal", [streams.normal(words) for _ in range(12)])
        golden.add(f"{prefix}/permutation", streams.permutation(streams.stream(seed, name), 12))
    golden.write()


if __name__ == "__main__":
    torch.set_num_threads(1)
    for write in (
        *(batch_norm, conventions, fold, normalizations),
        *(layers, convolution, losses, sgd, trajectories, random),
    ):
        write()
