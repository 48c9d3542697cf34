/**
 * The layers PyTorch does not have, as readable classes: the text a script takes from here is only what its network
 * uses. Their tensors have the names and the order of the engine's, which are those of `torch.nn` where it has the layer.
 */

const STATISTICS = `
class BatchStatistics(nn.Module):
    """What layers have in common that normalize by the batch in training and by running statistics in inference."""

    spread = "running_var"  # the name of the running measure of spread

    def __init__(self, channels, eps, momentum, affine=True, track_running_stats=True):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels)) if affine else None
        self.bias = nn.Parameter(torch.zeros(channels)) if affine else None
        self.tracks = track_running_stats
        if track_running_stats:
            self.register_buffer("running_mean", torch.zeros(channels))
            self.register_buffer(self.spread, torch.ones(channels))
            self.register_buffer("num_batches_tracked", torch.tensor(0))

    def affine(self, xhat):
        return xhat if self.weight is None else xhat * column(self.weight, xhat) + column(self.bias, xhat)

    @torch.no_grad()
    def update(self, mean, spread):
        """momentum is the weight of the newest batch (None: the average of all batches)."""
        if not self.tracks:
            return
        self.num_batches_tracked += 1
        weight = 1 / self.num_batches_tracked.item() if self.momentum is None else self.momentum
        self.running_mean.mul_(1 - weight).add_(weight * mean)
        getattr(self, self.spread).mul_(1 - weight).add_(weight * spread)


def column(values, x):
    """Values per channel, shaped to meet x: (B, C) or (B, C, H, W)."""
    return values.reshape(1, -1, *[1] * (x.dim() - 2))


def mean_of(x):
    """Per channel, over the batch and, of pictures, over the pixels."""
    return x.mean([0, *range(2, x.dim())])
`;

const BATCH_NORM = `
class BatchNorm(BatchStatistics):
    """Batch normalization where nn.BatchNorm1d and 2d differ from the experiment's: in which variance they store
    (unbiased: with 1/(m - 1), PyTorch; biased: with 1/m, Keras and ONNX), in groups of \`ghost\` examples with
    statistics of their own, or in a batch of one value, which this takes (xhat = 0) and PyTorch refuses."""

    def __init__(self, channels, eps, momentum, unbiased, ghost=0, **options):
        super().__init__(channels, eps, momentum, **options)
        self.unbiased, self.ghost = unbiased, ghost

    def forward(self, x):
        if not self.training and self.tracks:
            return self.affine(self.normalize(x, self.running_mean, self.running_var))
        xhats, means, variances = [], [], []
        for group in self.groups(x):
            mean = mean_of(group)
            variance = mean_of((group - column(mean, x)) ** 2)
            values = group.numel() // group.shape[1]
            bessel = values / (values - 1) if self.unbiased and values > 1 else 1
            xhats.append(self.normalize(group, mean, variance))
            means.append(mean)
            variances.append(bessel * variance)
        if self.training:
            self.update(torch.stack(means).mean(0), torch.stack(variances).mean(0))
        return self.affine(torch.cat(xhats))

    def normalize(self, x, mean, variance):
        return (x - column(mean, x)) / torch.sqrt(column(variance, x) + self.eps)

    def groups(self, x):
        """A last group of a single value per channel has no variance: it joins the group before."""
        if self.ghost == 0:
            return [x]
        groups = list(x.split(self.ghost))
        if len(groups) > 1 and groups[-1].numel() == x.shape[1]:
            groups[-2:] = [torch.cat(groups[-2:])]
        return groups
`;

const FROZEN = `
class Frozen(nn.Module):
    """Turns a BatchNorm class into one that stays in inference mode: its statistics are constants."""

    def train(self, mode=True):
        return super().train(False)


class FrozenBatchNorm1d(Frozen, nn.BatchNorm1d):
    pass


class FrozenBatchNorm2d(Frozen, nn.BatchNorm2d):
    pass
`;

const RENORM = `
class BatchRenorm(BatchStatistics):
    """Batch Renormalization (Ioffe 2017): batch statistics, corrected towards the running ones within bounds that
    open after \`plain_steps\` over \`ramp_steps\`. What runs is the standard deviation sqrt(var + eps)."""

    spread = "running_std"

    def __init__(self, channels, eps, momentum, r_max, d_max, plain_steps=0, ramp_steps=0, **options):
        super().__init__(channels, eps, momentum, **options)
        self.r_max, self.d_max = r_max, d_max
        self.plain_steps, self.ramp_steps = plain_steps, ramp_steps

    def forward(self, x):
        if not self.training:
            return self.affine((x - column(self.running_mean, x)) / column(self.running_std, x))
        mean = mean_of(x)
        std = torch.sqrt(mean_of((x - column(mean, x)) ** 2) + self.eps)
        r_max, d_max = self.bounds()
        with torch.no_grad():  # the corrections count as constants in backward
            r = (std / self.running_std).clamp(1 / r_max, r_max)
            d = ((mean - self.running_mean) / self.running_std).clamp(-d_max, d_max)
        self.update(mean, std)
        return self.affine((x - column(mean, x)) / column(std, x) * column(r, x) + column(d, x))

    def bounds(self):
        ramped = self.num_batches_tracked.item() - self.plain_steps
        if ramped < 0:
            return 1, 0
        share = 1 if ramped >= self.ramp_steps else ramped / self.ramp_steps
        return 1 + share * (self.r_max - 1), share * self.d_max
`;

const LP_NORM = `
class LpNorm(BatchStatistics):
    """BN that divides by another measure of spread (p = 1, 2 or inf), scaled to estimate the standard deviation of
    normal values. For p = inf the page interpolates that factor: between powers of two it is up to 0.0001 off."""

    spread = "running_scale"

    def __init__(self, channels, p, eps, momentum, **options):
        super().__init__(channels, eps, momentum, **options)
        self.p = p

    def forward(self, x):
        if not self.training:
            mean, scale = self.running_mean, self.running_scale
        else:
            mean = mean_of(x)
            scale = self.scale_of(x - column(mean, x))
            self.update(mean, scale)
        return self.affine((x - column(mean, x)) / (column(scale, x) + self.eps))

    def scale_of(self, d):
        if self.p == 1:
            return math.sqrt(math.pi / 2) * mean_of(d.abs())
        if self.p == 2:  # a constant channel's root has no slope: it is given none
            return mean_of(d * d).clamp_min(torch.finfo(d.dtype).tiny).sqrt()
        rows = d.transpose(0, 1).reshape(d.shape[1], -1)
        largest = rows.gather(1, rows.abs().argmax(1, keepdim=True)).abs().squeeze(1)  # the first, where several are
        return largest / expected_largest_normal(rows.shape[1])


def expected_largest_normal(count):
    """E max|z| of so many standard normal numbers: the integral of 1 - erf(t / sqrt(2)) ** count."""
    t = torch.linspace(0, 12, 100001, dtype=torch.float64)
    return torch.trapezoid(1 - torch.erf(t / math.sqrt(2)) ** count, t).item()
`;

const DROPOUT = `
class Dropout(nn.Dropout):
    """nn.Dropout, which keeps the recorded values where it is told them."""

    kept = None

    def forward(self, x):
        if not self.training or self.kept is None:
            return super().forward(x)
        return x * self.kept.reshape(x.shape) / (1 - self.p)
`;

const ADD = `
class Add(nn.Module):
    """Skip connection: adds what came out of layer \`source\` (-1: the network's input)."""

    def __init__(self, source):
        super().__init__()
        self.source = source


class Network(nn.Sequential):
    def forward(self, x):
        outputs = [x]
        for layer in self:
            x = x + outputs[layer.source + 1] if isinstance(layer, Add) else layer(x)
            outputs.append(x)
        return x
`;

export const PYTORCH_CLASSES = {
  BatchNorm: [STATISTICS, BATCH_NORM],
  BatchRenorm: [STATISTICS, RENORM],
  LpNorm: [STATISTICS, LP_NORM],
  FrozenBatchNorm: [FROZEN],
  Dropout: [DROPOUT],
  Add: [ADD],
} as const satisfies Record<string, readonly string[]>;
