import { tensor, type Tensor } from '../../protocol/tensor.ts';
import type { Call, Drawn, Questions } from '../question.ts';
import { oneOf, type Random, shuffled, wholeBetween } from '../random.ts';
import { listed, show } from '../text.ts';

/** Questions with a number for an answer: drawn from the seed, solved by the engine. */
export const numbers: Questions = [
  {
    id: 'xhat',
    chapters: [1],
    claims: ['C3', 'C65'],
    experiments: ['E1'],
    kind: 'number',
    draw: drawXhat,
  },
  {
    id: 'output',
    chapters: [1],
    claims: ['C65', 'C18'],
    experiments: ['E1'],
    kind: 'number',
    draw: drawOutput,
  },
  {
    id: 'gamma-gradient',
    chapters: [1, 2],
    claims: ['C5', 'C15'],
    experiments: ['E2b'],
    kind: 'number',
    draw: drawGammaGradient,
  },
  {
    id: 'largest-xhat',
    chapters: [1],
    claims: ['C66'],
    experiments: ['E1b'],
    kind: 'number',
    draw: drawLargest,
  },
  {
    id: 'weight-gradient',
    chapters: [2],
    claims: ['C8', 'C74'],
    experiments: ['E2', 'E6'],
    kind: 'number',
    draw: drawWeightGradient,
  },
  {
    id: 'running-mean',
    chapters: [4],
    claims: ['C20', 'C22'],
    experiments: ['E19'],
    kind: 'number',
    draw: drawRunningMean,
  },
  {
    id: 'stored-variance',
    chapters: [4],
    claims: ['C64'],
    experiments: ['E34'],
    kind: 'number',
    draw: drawStoredVariance,
  },
  {
    id: 'inference-output',
    chapters: [4],
    claims: ['C64', 'C69'],
    experiments: ['E20'],
    kind: 'number',
    draw: drawInference,
  },
  {
    id: 'chain-step',
    chapters: [6],
    claims: ['C53', 'C54'],
    experiments: ['E30'],
    kind: 'number',
    draw: drawChain,
  },
];

/** So small that it does not show at the tolerance asked for. */
const EPS = 1e-5;

const column = (values: readonly number[]): Tensor<Float64Array> =>
  tensor(Float64Array.from(values), [values.length, 1]);

const first = ({ data }: Tensor): number => data[0] ?? NaN;

/** Four values whose standard deviation is not a round number, in no particular order. */
function drawBatch(random: Random): readonly number[] {
  const least = wholeBetween(random, 1, 6);
  const gaps = [wholeBetween(random, 1, 3), wholeBetween(random, 1, 4), wholeBetween(random, 2, 5)];
  const values = gaps.reduce((all, gap) => [...all, all.at(-1)! + gap], [least]);
  return shuffled(random, values);
}

/** Standard scores, to choose numbers by: a wrong turn must not happen to arrive at the right answer. */
function scoresOf(x: readonly number[]): readonly number[] {
  const mean = x.reduce((sum, each) => sum + each, 0) / x.length;
  const variance = x.reduce((sum, each) => sum + (each - mean) ** 2, 0) / x.length;
  return x.map((each) => (each - mean) / Math.sqrt(variance));
}

/** One that is well away from the mean. */
function drawPlace(random: Random, x: readonly number[]): number {
  const places = scoresOf(x).flatMap((score, at) => (Math.abs(score) > 0.3 ? [at] : []));
  return places[wholeBetween(random, 0, places.length - 1)]!;
}

interface Walked {
  readonly x: readonly number[];
  readonly gamma?: number;
  readonly beta?: number;
  readonly dy?: readonly number[];
}

function walk(call: Call, { x, gamma = 1, beta = 0, dy = x.map(() => 0) }: Walked) {
  return call('batch_norm_walk', {
    x: column(x),
    gamma: Float64Array.of(gamma),
    beta: Float64Array.of(beta),
    eps: EPS,
    running_mean: Float64Array.of(0),
    running_var: Float64Array.of(1),
    dy: column(dy),
    lr: 0.1,
  });
}

const ONE_FEATURE = 'One feature of a batch is';
const TO_HUNDREDTHS = 'To two decimals; ε is too small to show.';

function drawXhat(random: Random): Drawn {
  const x = drawBatch(random);
  const at = drawPlace(random, x);
  const asked = x[at]!;
  return {
    text: `${ONE_FEATURE} ${listed(x)}. What is x̂ of ${asked} in training mode? ${TO_HUNDREDTHS}`,
    tolerance: 0.01,
    see: {
      text: 'This batch, normalised',
      href: workedExample(`x=${x.join()};gamma=1;beta=0;step=3;example=${at}`),
    },
    solve: async (call) => {
      const { mean, std, xhat, centered, var: variance, var_unbiased } = await walk(call, { x });
      const [distance, spread] = [centered.data[at]!, first(std)];
      return {
        value: xhat.data[at]!,
        why: `μ = ${show(first(mean))} and σ = ${show(spread)}, so x̂ = (${asked} − ${show(first(mean))})/${show(spread)} = ${show(xhat.data[at]!)}.`,
        mistakes: [
          {
            value: distance / Math.sqrt(first(var_unbiased)),
            why: 'That is with the unbiased variance, divided by m − 1. To normalise, batch normalization divides the sum of squares by m.',
          },
          {
            value: distance / first(variance),
            why: 'That is divided by the variance σ². Divide by its root, σ.',
          },
          { value: distance, why: 'That is x − μ. It still has to be divided by σ.' },
          { value: -xhat.data[at]!, why: 'The sign is turned round: it is x − μ, not μ − x.' },
        ],
      };
    },
  };
}

function drawOutput(random: Random): Drawn {
  const x = drawBatch(random);
  const at = drawPlace(random, x);
  const gamma = oneOf(random, [2, 3, -2, 0.5]);
  const score = scoresOf(x)[at] ?? 0;
  const betas = [1, -1, 2, 0.5].filter((each) => Math.abs(gamma * score + each - score) > 0.05);
  const beta = betas[wholeBetween(random, 0, betas.length - 1)] ?? 1;
  const asked = x[at]!;
  return {
    text: `${ONE_FEATURE} ${listed(x)}, γ = ${show(gamma)} and β = ${show(beta)}. What is y of ${asked} in training mode? ${TO_HUNDREDTHS}`,
    tolerance: 0.01,
    see: {
      text: 'This batch, to its last step',
      href: workedExample(`x=${x.join()};gamma=${gamma};beta=${beta};step=5;example=${at}`),
    },
    solve: async (call) => {
      const { xhat, y, scaled } = await walk(call, { x, gamma, beta });
      const plain = xhat.data[at]!;
      return {
        value: y.data[at]!,
        why: `x̂ = ${show(plain)}, so y = γx̂ + β = ${show(scaled.data[at]!)} + ${inBrackets(beta)} = ${show(y.data[at]!)}.`,
        mistakes: [
          { value: plain, why: 'That is x̂. γ and β are still to come.' },
          { value: scaled.data[at]!, why: 'That is γx̂. β is still to be added.' },
          { value: gamma * (plain + beta), why: 'β is added after multiplying by γ, not before.' },
          { value: gamma * asked + beta, why: 'That is γx + β. It is x̂ that is scaled and shifted, not x.' },
        ],
      };
    },
  };
}

function drawGammaGradient(random: Random): Drawn {
  const distance = wholeBetween(random, 1, 4);
  const center = wholeBetween(random, 5, 9);
  // Two values, twice each: x̂ is ±1, so that the sum can be done in the head.
  const x = shuffled(random, [center - distance, center - distance, center + distance, center + distance]);
  // Until no wrong turn arrives at the right number.
  let dy: number[];
  do dy = x.map(() => wholeBetween(random, -3, 4));
  while (tooPlain(x, dy));
  return {
    text: `${ONE_FEATURE} ${listed(x)}, and dL/dy of these examples is ${listed(dy)}. What is dL/dγ? ${TO_HUNDREDTHS}`,
    tolerance: 0.01,
    see: {
      text: 'The way back through this batch',
      href: workedExample(`x=${x.join()};gamma=1;beta=0;tab=backward;dy=${dy.join()};back_step=2`),
    },
    solve: async (call) => {
      const { xhat, dgamma, dbeta } = await walk(call, { x, dy });
      const terms = dy.map(
        (each, i) => `${inBrackets(each)}·${inBrackets(Number(xhat.data[i]!.toFixed(2)))}`,
      );
      const raw = dy.reduce((sum, each, i) => sum + each * x[i]!, 0);
      return {
        value: first(dgamma),
        why: `γ multiplies x̂, so dL/dγ = Σ dL/dy·x̂ = ${terms.join(' + ')} = ${show(Number(first(dgamma).toFixed(2)))}.`,
        mistakes: [
          {
            value: -first(dgamma),
            why: 'The sign is turned round: x̂ is negative for values below the mean, positive for those above.',
          },
          {
            value: first(dbeta),
            why: 'That is Σ dL/dy, the gradient of β. For γ each term is multiplied by its x̂.',
          },
          {
            value: first(dgamma) / x.length,
            why: 'That is the mean. γ is shared by all examples, so their shares add up.',
          },
          { value: raw, why: 'That is Σ dL/dy·x. γ multiplies x̂, not x.' },
        ],
      };
    },
  };
}

function tooPlain(x: readonly number[], dy: readonly number[]): boolean {
  const sumWith = (factors: readonly number[]) => dy.reduce((sum, each, i) => sum + each * factors[i]!, 0);
  const signed = sumWith(scoresOf(x).map(Math.sign));
  return signed === 0 || signed === sumWith(x.map(() => 1)) || signed === sumWith(x);
}

function drawLargest(random: Random): Drawn {
  const root = wholeBetween(random, 2, 5);
  const m = root ** 2 + 1;
  const x = Array.from({ length: m }, (_, i) => (i === m - 1 ? 1 : 0));
  return {
    text: `A batch has ${m} examples. How large can x̂ be at most, in training mode, whatever their values? ε is too small to show.`,
    tolerance: 0.01,
    see: {
      text: 'One value far from all others',
      href: workedExample(`x=${x.join()};gamma=1;beta=0;step=3;example=${m - 1}`),
    },
    solve: async (call) => {
      const { xhat_bound: value } = await walk(call, { x });
      return {
        value,
        why: `√(m − 1) = √${m - 1} = ${show(value)}. It comes close to that when one value stands far out and all others are alike.`,
        mistakes: [
          {
            value: Math.sqrt(m),
            why: 'That is √m. One example cannot be away from the mean without pulling it along: it is √(m − 1).',
          },
          { value: m - 1, why: 'That is m − 1, the largest x̂². Its root is asked for.' },
          {
            value: 3,
            why: 'Three standard deviations is a rule of thumb for bell curves. A batch need not be one.',
          },
          {
            value: 1,
            why: 'x̂ has standard deviation 1, which is a kind of average. Single values may be farther out.',
          },
        ].filter((mistake) => mistake.value !== root),
      };
    },
  };
}

/** The length of the gradient of a neuron whose weights are `scale` times as long. */
async function neuronGradient(call: Call, scale: number): Promise<number> {
  const { gradient_norm } = await call('neuron_run', {
    x: tensor(Float64Array.from([1, 0, 0, 1, -1, 1, 2, 1, -1, -2, 0, -1]), [6, 2]),
    target: Float64Array.of(1, 0, -1, 2, 0, -1),
    weight: Float64Array.of(3 * scale, scale),
    eps: 1e-12,
    lr: 0.1,
  });
  return first(gradient_norm);
}

function drawWeightGradient(random: Random): Drawn {
  const factor = oneOf(random, [2, 4, 5, 0.5, 0.25]);
  const before = oneOf(random, [0.6, 0.8, 1.2, 2]);
  return {
    text: `The loss of a network has a gradient of length ${show(before)} with respect to weights right before a batch normalization. All of these weights are multiplied by ${show(factor)}. How long is the gradient there? To two decimals; ε is too small to show.`,
    tolerance: 0.01,
    see: { text: 'One neuron whose weights can be made longer', href: 'gamma-and-beta.html#scale-title' },
    solve: async (call) => {
      // Which network it is does not matter, so a single neuron says by how much the gradient changes.
      const value = (before * (await neuronGradient(call, factor))) / (await neuronGradient(call, 1));
      return {
        value,
        why: `The loss does not change along the weights’ length, so the gradient is divided by the factor: ${show(before)}/${show(factor)} = ${show(value)}.`,
        mistakes: [
          {
            value: before * factor,
            why: 'It is divided, not multiplied: longer weights need larger changes for the same effect.',
          },
          {
            value: before,
            why: 'The loss stays the same, and its gradient with respect to the layer’s inputs. That with respect to the weights does not.',
          },
          {
            value: before / factor ** 2,
            why: 'That is divided by the square of the factor, as the angle of a step is. The gradient is divided by the factor itself.',
          },
        ],
      };
    },
  };
}

function drawRunningMean(random: Random): Drawn {
  const momentum = oneOf(random, [0.1, 0.2, 0.5]);
  const [one, two] = [wholeBetween(random, 2, 9) * 2, wholeBetween(random, 10, 20) * 2];
  return {
    text: `A running mean starts at 0, with PyTorch’s momentum = ${momentum}. Two training batches come: the mean of the first is ${one}, that of the second ${two}. What is the running mean then? To two decimals.`,
    tolerance: 0.01,
    see: { text: 'A running mean on its way', href: 'training-and-inference.html#average-title' },
    solve: async (call) => {
      const averaged = async (means: readonly number[], weight: number) => {
        const { running_mean } = await call('running_statistics', {
          mean: column(means),
          var: column(means.map(() => 1)),
          count: new Float64Array(means.length).fill(8),
          initial_mean: Float64Array.of(0),
          initial_var: Float64Array.of(1),
          momentum: weight,
        });
        return [...running_mean.data];
      };
      const [, after = NaN, value = NaN] = await averaged([one, two], momentum);
      const turned = await averaged([one, two], 1 - momentum);
      const kept = show(Number((1 - momentum).toFixed(2)));
      return {
        value,
        why: `After the first batch ${kept}·0 + ${momentum}·${one} = ${show(after)}, after the second ${kept}·${show(after)} + ${momentum}·${two} = ${show(value)}.`,
        mistakes: [
          ...(momentum === 0.5
            ? []
            : [
                {
                  value: turned[2]!,
                  why: 'That is how Keras reads the number: as the weight of what is kept. In PyTorch it is the weight of the new batch.',
                },
              ]),
          {
            value: (one + two) / 2,
            why: 'That is the plain average of the two batches. Here each new batch gets the same fixed weight, and the start value 0 keeps some.',
          },
          { value: after, why: 'That is after the first batch. The second one is still to come.' },
        ],
      };
    },
  };
}

function drawStoredVariance(random: Random): Drawn {
  const x = drawBatch(random);
  return {
    text: `${ONE_FEATURE} ${listed(x)}. Which variance of this batch does PyTorch pass on to the running variance? To two decimals.`,
    tolerance: 0.01,
    see: {
      text: 'The running statistics of this batch',
      href: workedExample(`x=${x.join()};gamma=1;beta=0;tab=statistics`),
    },
    solve: async (call) => {
      const { sum_of_squares, var: biased, var_unbiased, std } = await walk(call, { x });
      const squares = first(sum_of_squares);
      return {
        value: first(var_unbiased),
        why: `The unbiased one: the sum of squares ${show(squares)} divided by m − 1 = ${x.length - 1} is ${show(first(var_unbiased))}.`,
        mistakes: [
          {
            value: first(biased),
            why: 'That is the biased variance, divided by m. PyTorch normalises the batch by it, but stores the unbiased one; Keras and ONNX store this.',
          },
          {
            value: first(std),
            why: 'That is the standard deviation. What is stored is the variance, its square.',
          },
          { value: squares, why: 'That is the sum of squares. It has still to be divided by m − 1.' },
        ],
      };
    },
  };
}

function drawInference(random: Random): Drawn {
  const x = drawBatch(random);
  const at = wholeBetween(random, 0, x.length - 1);
  const mean = wholeBetween(random, 1, 4);
  const gamma = oneOf(random, [2, 3, -2]);
  const beta = oneOf(random, [1, -1, 2]);
  const drawn = x[at] ?? 0;
  const asked = drawn === mean ? drawn + 1 : drawn;
  const batch = x.map((value, i) => (i === at ? asked : value));
  // One by which no wrong turn comes to the same.
  const inTraining = scoresOf(batch)[at] ?? 0;
  const spreads = [2, 3, 4, 5].filter((each) => {
    const score = (asked - mean) / each;
    const value = gamma * score + beta;
    return [gamma * inTraining + beta, score, (gamma * score) / each + beta].every(
      (wrong) => Math.abs(wrong - value) > 0.05,
    );
  });
  const std = spreads[wholeBetween(random, 0, spreads.length - 1)] ?? 2;
  return {
    text: `In inference mode a layer gets ${listed(batch)}. Its running mean is ${mean}, its running variance ${std ** 2}, γ = ${show(gamma)} and β = ${show(beta)}. What is y of ${asked}? ${TO_HUNDREDTHS}`,
    tolerance: 0.01,
    see: { text: 'Where training and inference part', href: 'training-and-inference.html#two' },
    solve: async (call) => {
      const through = async (mode: 'training' | 'inference') => {
        const { y } = await call('batch_norm_forward', {
          x: column(batch),
          gamma: Float64Array.of(gamma),
          beta: Float64Array.of(beta),
          eps: EPS,
          mode,
          running_mean: Float64Array.of(mean),
          running_var: Float64Array.of(std ** 2),
        });
        return y.data[at]!;
      };
      const value = await through('inference');
      return {
        value,
        why: `y = γ(x − M)/√V + β = ${inBrackets(gamma)}·(${asked} − ${mean})/${std} + ${inBrackets(beta)} = ${show(value)}. The other examples do not matter.`,
        mistakes: [
          {
            value: await through('training'),
            why: 'That is normalised by the batch itself, as in training mode. In inference mode the stored statistics take its place.',
          },
          {
            value: gamma * ((asked - mean) / std ** 2) + beta,
            why: 'That is divided by the running variance. Divide by its root.',
          },
          { value: (asked - mean) / std, why: 'That is x̂. γ and β are still to come.' },
        ],
      };
    },
  };
}

function drawChain(random: Random): Drawn {
  const length = oneOf(random, [2, 3, 4]);
  const rate = oneOf(random, [0.1, 0.2, 0.5]);
  return {
    text: `A network is a chain of ${length} weights, all 1: its output is x·w₁·…·w${subscript(length)} with x = 1. The output itself is to become smaller, and every weight makes one step of gradient descent with learning rate ${rate}. What is the output then? To three decimals.`,
    tolerance: 0.001,
    see: { text: 'One step of a chain', href: 'why-does-it-work.html#chain-title' },
    solve: async (call) => {
      const one = tensor(Float64Array.of(1), [1, 1]);
      const { dweight } = await call('linear_backward', { x: one, weight: one, dy: one });
      const { parameter } = await call('sgd_step', {
        parameter: Float64Array.of(1),
        gradient: Float64Array.of(first(dweight)),
        lr: rate,
      });
      let signal = one;
      for (let layer = 0; layer < length; layer++) {
        const { y } = await call('linear_forward', {
          x: signal,
          weight: tensor(Float64Array.from(parameter.data), [1, 1]),
        });
        signal = tensor(Float64Array.from(y.data), [1, 1]);
      }
      const value = first(signal);
      const each = show(first(parameter));
      const promised = 1 - length * rate;
      return {
        value,
        why: `Each weight’s gradient is 1, so each becomes ${each}, and the output ${Array.from({ length }, () => each).join('·')} = ${show(value)}. The gradient had promised ${show(promised)}: it takes each weight as if the others stood still.`,
        mistakes: [
          {
            value: promised,
            why: 'That is what the gradient promises, to first order. But all the weights move at once, and their effects multiply.',
          },
          {
            value: first(parameter),
            why: 'That is one weight after the step. The output is the product of all of them.',
          },
        ],
      };
    },
  };
}

const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';
const subscript = (digit: number): string => SUBSCRIPTS[digit] ?? '';

/** −2 in the middle of a sum. */
function inBrackets(value: number): string {
  return value < 0 ? `(${show(value)})` : show(value);
}

function workedExample(state: string): string {
  return `a-batch-normalised.html#we=1;${state}`;
}
