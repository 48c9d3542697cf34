import type { Init } from '../protocol/experiment.ts';

/** The layers and the optimizer Keras does not have, as readable classes; a program takes what its network uses. */

const STATISTICS = `
class BatchStatistics(layers.Layer):
    """What layers have in common that normalize by the batch in training and by moving statistics in inference.
    momentum is what is kept of them (Keras's sense); None: the average of all batches."""

    def __init__(self, epsilon, momentum, affine=True, track=True, initial_gamma=1.0, **options):
        super().__init__(**options)
        self.epsilon, self.momentum, self.affine, self.track = epsilon, momentum, affine, track
        self.initial_gamma = Constant(initial_gamma)

    def build(self, shape):
        self.axes = tuple(range(len(shape) - 1))
        channels = (shape[-1],)
        if self.affine:
            self.gamma = self.add_weight(name="gamma", shape=channels, initializer=self.initial_gamma)
            self.beta = self.add_weight(name="beta", shape=channels, initializer="zeros")
        if self.track:
            options = {"shape": channels, "trainable": False}
            self.moving_mean = self.add_weight(name="moving_mean", initializer="zeros", **options)
            self.moving_spread = self.add_weight(name="moving_spread", initializer="ones", **options)
            self.seen = self.add_weight(name="seen", shape=(), initializer="zeros", trainable=False)

    def scale(self, xhat):
        return self.gamma * xhat + self.beta if self.affine else xhat

    def update(self, mean, spread):
        if not self.track:
            return
        self.seen.assign(self.seen + 1)
        keep = 1 - 1 / self.seen if self.momentum is None else self.momentum
        self.moving_mean.assign(keep * self.moving_mean + (1 - keep) * mean)
        self.moving_spread.assign(keep * self.moving_spread + (1 - keep) * spread)
`;

const BATCH_NORM = `
class BatchNorm(BatchStatistics):
    """Batch normalization where layers.BatchNormalization differs from the experiment's: in the variance it stores
    (unbiased: with 1/(m - 1), as PyTorch; Keras takes 1/m) or in groups of \`ghost\` examples with statistics of
    their own."""

    def __init__(self, epsilon, momentum, unbiased, ghost=0, **options):
        super().__init__(epsilon, momentum, **options)
        self.unbiased, self.ghost = unbiased, ghost

    def call(self, x, training=False):
        if not training and self.track:
            return self.scale((x - self.moving_mean) / ops.sqrt(self.moving_spread + self.epsilon))
        xhats, means, variances = [], [], []
        for group in self.groups(x):
            mean = ops.mean(group, axis=self.axes)
            variance = ops.mean(ops.square(group - mean), axis=self.axes)
            values = ops.cast(ops.size(group), x.dtype) / group.shape[-1]
            bessel = values / ops.maximum(values - 1, 1) if self.unbiased else 1
            xhats.append((group - mean) / ops.sqrt(variance + self.epsilon))
            means.append(mean)
            variances.append(bessel * variance)
        if training:
            self.update(sum(means) / len(means), sum(variances) / len(variances))
        return self.scale(ops.concatenate(xhats))

    def groups(self, x):
        """A last group of a single value per channel has no variance: it joins the group before."""
        if self.ghost == 0 or x.shape[0] is None:  # None: only shapes are being worked out
            return [x]
        groups = [x[start : start + self.ghost] for start in range(0, x.shape[0], self.ghost)]
        if len(groups) > 1 and math.prod(groups[-1].shape[:-1]) == 1:
            groups[-2:] = [ops.concatenate(groups[-2:])]
        return groups
`;

const FROZEN = `
class FrozenBatchNormalization(layers.BatchNormalization):
    """Stays in inference mode: its statistics are constants. (trainable=False would freeze gamma and beta, too.)"""

    def call(self, x, training=None, mask=None):
        return super().call(x, training=False, mask=mask)
`;

const RENORM = `
class BatchRenorm(BatchStatistics):
    """Batch Renormalization (Ioffe 2017): batch statistics, corrected towards the moving ones within bounds that
    open after \`plain_steps\` over \`ramp_steps\`. What moves is the standard deviation sqrt(var + epsilon)."""

    def __init__(self, epsilon, momentum, r_max, d_max, plain_steps=0, ramp_steps=0, **options):
        super().__init__(epsilon, momentum, **options)
        self.r_max, self.d_max = r_max, d_max
        self.plain_steps, self.ramp_steps = plain_steps, ramp_steps

    def call(self, x, training=False):
        if not training:
            return self.scale((x - self.moving_mean) / self.moving_spread)
        mean = ops.mean(x, axis=self.axes)
        std = ops.sqrt(ops.mean(ops.square(x - mean), axis=self.axes) + self.epsilon)
        ramped = self.seen - self.plain_steps
        share = ops.where(ramped < 0, 0.0, ops.clip((ramped + float(self.ramp_steps == 0)) / max(self.ramp_steps, 1), 0.0, 1.0))
        r_max, d_max = 1 + share * (self.r_max - 1), share * self.d_max
        r = ops.clip(std / self.moving_spread, 1 / r_max, r_max)
        d = ops.clip((mean - self.moving_mean) / self.moving_spread, -d_max, d_max)
        r, d = ops.stop_gradient(r), ops.stop_gradient(d)  # constants in backward
        self.update(mean, std)
        return self.scale((x - mean) / std * r + d)
`;

const LP_NORM = `
class LpNorm(BatchStatistics):
    """BN that divides by another measure of spread (p = 1, 2 or inf), scaled to estimate the standard deviation of
    normal values."""

    def __init__(self, p, epsilon, momentum, **options):
        super().__init__(epsilon, momentum, **options)
        self.p = p

    def call(self, x, training=False):
        if not training:
            return self.scale((x - self.moving_mean) / (self.moving_spread + self.epsilon))
        mean = ops.mean(x, axis=self.axes)
        d = x - mean
        if self.p == 1:
            spread = math.sqrt(math.pi / 2) * ops.mean(ops.abs(d), axis=self.axes)
        elif self.p == 2:  # a constant channel's root has no slope: it is given none
            spread = ops.sqrt(ops.maximum(ops.mean(ops.square(d), axis=self.axes), 1e-37))
        else:
            spread = ops.max(ops.abs(d), axis=self.axes)
            if None not in x.shape:  # otherwise only shapes are being worked out
                spread = spread / expected_largest_normal(math.prod(x.shape[:-1]))
        self.update(mean, spread)
        return self.scale(d / (spread + self.epsilon))


def expected_largest_normal(count):
    """E max|z| of so many standard normal numbers: the integral of 1 - erf(t / sqrt(2)) ** count."""
    step = 1e-3
    return step * (0.5 + sum(1 - math.erf(i * step / math.sqrt(2)) ** count for i in range(1, 12000)))
`;

const SGD = `
class SGD(keras.optimizers.Optimizer):
    """SGD as PyTorch defines it. Keras's folds the learning rate into the velocity, which is another path when the
    rate changes, and knows only decoupled weight decay; this one has L2 as well."""

    def __init__(self, learning_rate, momentum=0.0, nesterov=False, l2=0.0, undecayed=(), **options):
        super().__init__(learning_rate=learning_rate, **options)
        self.momentum, self.nesterov, self.l2 = momentum, nesterov, l2
        self.undecayed = tuple(variable.path for variable in undecayed)

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.velocities = [self.add_variable_from_reference(v, name="velocity") for v in variables]
        self.decays = tuple(0.0 if v.path in self.undecayed else self.l2 for v in variables)

    def update_step(self, gradient, variable, learning_rate):
        index = self._get_variable_index(variable)
        gradient = gradient + self.decays[index] * variable
        velocity = self.velocities[index]
        self.assign(velocity, self.momentum * velocity + gradient)
        step = gradient + self.momentum * velocity if self.nesterov else velocity
        self.assign_sub(variable, ops.cast(learning_rate, variable.dtype) * step)
`;

/** Keras knows the engine's initialisers as variance scaling, whose untruncated form is the same. */
export const KERAS_INITIALIZERS = {
  he_normal:
    'def he_normal(gain=1):\n    return VarianceScaling(2 * gain**2, "fan_in", "untruncated_normal")',
  he_uniform: 'def he_uniform(gain=1):\n    return VarianceScaling(2 * gain**2, "fan_in", "uniform")',
  xavier_normal:
    'def xavier_normal(gain=1):\n    return VarianceScaling(gain**2, "fan_avg", "untruncated_normal")',
  xavier_uniform: 'def xavier_uniform(gain=1):\n    return VarianceScaling(gain**2, "fan_avg", "uniform")',
  lecun_normal:
    'def lecun_normal(gain=1):\n    return VarianceScaling(gain**2, "fan_in", "untruncated_normal")',
  normal: 'def normal(sigma, gain=1):\n    return RandomNormal(stddev=gain * sigma)',
  pytorch:
    'def pytorch(gain=1):\n    return VarianceScaling(gain**2 / 3, "fan_in", "uniform")\n\n\n' +
    'def pytorch_bias(fan_in):\n    return RandomUniform(-1 / math.sqrt(fan_in), 1 / math.sqrt(fan_in))',
} as const satisfies Record<Init, string>;

export const KERAS_CLASSES = {
  BatchNorm: [STATISTICS, BATCH_NORM],
  BatchRenorm: [STATISTICS, RENORM],
  LpNorm: [STATISTICS, LP_NORM],
  FrozenBatchNormalization: [FROZEN],
  SGD: [SGD],
} as const satisfies Record<string, readonly string[]>;
