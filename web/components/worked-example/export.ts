import { toLatex } from '../math.ts';
import { featureCount, type WorkedExample } from '../../protocol/worked-example.ts';
import type { Matrix } from '../../protocol/properties.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { backwardWalk } from './backward.ts';
import { forwardWalk } from './forward.ts';
import { numberOf, type Numbers } from './numbers.ts';
import { arithmeticOf, FeatureView, type WalkTable } from './walk.ts';

/** The figure's numbers as text to take elsewhere. */

/** Every number in full, for a spreadsheet: a row per example and feature, then a row per feature. */
export function toCsv(numbers: Numbers): string {
  const { state, walk } = numbers;
  const perCell = {
    centered: walk.centered,
    squared: walk.squared,
    xhat: walk.xhat,
    gamma_xhat: walk.scaled,
    y: walk.y,
    y_training: numbers.training.y,
    y_inference: numbers.inference.y,
    dy: walk.dy,
    dy_xhat: walk.dy_xhat,
    dx_direct: walk.dx_direct,
    dx_mean: walk.dx_mean,
    dx_variance: walk.dx_variance,
    dx: walk.dx,
  };
  const perFeature = {
    mean: walk.mean,
    var: walk.var,
    var_unbiased: walk.var_unbiased,
    std: walk.std,
    dbeta: walk.dbeta,
    dgamma: walk.dgamma,
    dx_sum: walk.dx_sum,
  };
  const features = featureCount(state);
  const { pytorch } = numbers.running;
  const last = (history: Tensor<Float64Array>, feature: number) =>
    history.data[history.data.length - features + feature] ?? NaN;
  const lines = [['example', 'feature', 'x', ...Object.keys(perCell)].join(',')];
  for (const [row, line] of state.x.entries()) {
    for (const [feature, x] of line.entries()) {
      const values = Object.values(perCell).map(({ data }) => data[row * features + feature] ?? NaN);
      lines.push([row + 1, feature + 1, x, ...values].join(','));
    }
  }
  lines.push(
    '',
    [
      'feature',
      'mode',
      'gamma',
      'beta',
      'eps',
      'running_mean',
      'running_var',
      ...Object.keys(perFeature),
    ].join(','),
  );
  for (let feature = 0; feature < features; feature++) {
    const running = [last(pytorch.running_mean, feature), last(pytorch.running_var, feature)];
    const values = Object.values(perFeature).map((vector) => numberOf(vector, feature));
    lines.push(
      [
        feature + 1,
        state.mode,
        state.gamma[feature],
        state.beta[feature],
        state.eps,
        ...running,
        ...values,
      ].join(','),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** The chosen feature: the arithmetic line by line, then both walks as tables. Needs the package amsmath. */
export function toLatexText(numbers: Numbers): string {
  const view = new FeatureView(numbers);
  const [forward, backward] = [forwardWalk(view), backwardWalk(view)];
  const example = Math.min(numbers.state.example, view.examples - 1);
  const lines = [
    ...['mean', 'var', 'std', `xhat.${example}`, `y.${example}`].map((cell) => aligned(forward, cell)),
    ...[
      'dbeta',
      'dgamma',
      `dx_direct.${example}`,
      `dx_mean.${example}`,
      `dx_variance.${example}`,
      `dx.${example}`,
    ].map((cell) => aligned(backward, cell)),
  ].filter((line) => line !== undefined);
  return [
    '% \\usepackage{amsmath}',
    '\\begin{align*}',
    lines.join(' \\\\\n'),
    '\\end{align*}',
    '',
    tabular(forward, view.examples),
    '',
    tabular(backward, view.examples),
    '',
  ].join('\n');
}

function aligned(table: WalkTable, cell: string): string | undefined {
  const parts = arithmeticOf(table, cell);
  if (!parts) return undefined;
  return parts.map(toLatex).join(' ').replace(' = ', ' &= ');
}

function tabular({ columns }: WalkTable, examples: number): string {
  const shown = columns.filter((column) => !column.idle);
  const head = shown.map((column) => `$${toLatex(column.symbol)}$`);
  const rows = Array.from({ length: examples }, (_, row) =>
    [String(row + 1), ...shown.map((column) => `$${latexNumber(column.texts[row] ?? '')}$`)].join(' & '),
  );
  return [
    `\\begin{tabular}{r${'r'.repeat(shown.length)}}`,
    `  $i$ & ${head.join(' & ')} \\\\`,
    '  \\hline',
    ...rows.map((row) => `  ${row} \\\\`),
    '\\end{tabular}',
  ].join('\n');
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function latexNumber(text: string): string {
  return text
    .trim()
    .replace(',', '.')
    .replaceAll('−', '-')
    .replace(/·10(⁻?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)/, (_, sign: string, digits: string) => {
      const exponent = [...digits].map((digit) => SUPERSCRIPTS.indexOf(digit)).join('');
      return ` \\cdot 10^{${sign ? '-' : ''}${exponent}}`;
    })
    .replace('∞', '\\infty');
}

function python(values: readonly number[] | Matrix): string {
  return `[${values.map((value) => (typeof value === 'number' ? String(value) : python(value))).join(', ')}]`;
}

/** A program for PyTorch that prints the figure's numbers, whatever its mode, conventions and history. */
export function toPyTorch(state: WorkedExample): string {
  const features = featureCount(state);
  const single = state.x.length === 1;
  const tensor = (values: readonly number[] | Matrix) =>
    `torch.tensor(${python(values)}, dtype=torch.float64)`;
  const lines = [
    '# The figure’s numbers, printed by PyTorch.',
    'import torch',
    '',
    'torch.set_printoptions(precision=6, sci_mode=False)',
    '',
    `x = ${tensor(state.x)}.requires_grad_()`,
    '# PyTorch’s momentum is the weight of the new batch; Keras counts the weight of the old value, 1 minus this.',
    `bn = torch.nn.BatchNorm1d(${features}, eps=${state.eps}, momentum=${state.momentum}, dtype=torch.float64)`,
    'with torch.no_grad():',
    `    bn.weight.copy_(${tensor(state.gamma)})  # gamma`,
    `    bn.bias.copy_(${tensor(state.beta)})  # beta`,
    '',
    ...history(state),
    'print("running_mean", bn.running_mean)',
    'print("running_var", bn.running_var)',
    '',
    'bn.eval()',
    `${state.mode === 'inference' ? 'y' : 'y_inference'} = bn(x)`,
    ...(state.mode === 'inference'
      ? ['xhat = (x - bn.running_mean) / torch.sqrt(bn.running_var + bn.eps)']
      : [
          'print("y (inference)", y_inference)',
          '',
          'mean, var = x.mean(0), x.var(0, unbiased=False)  # the biased variance normalises',
          'xhat = (x - mean) / torch.sqrt(var + bn.eps)',
          'print("mean", mean)',
          'print("var", var)',
          ...(single
            ? [
                '# BatchNorm1d refuses a single value per channel in training; this is what it would compute.',
                'y = bn.weight * xhat + bn.bias',
              ]
            : ['bn.train()', 'y = bn(x)']),
        ]),
    'print("xhat", xhat)',
    'print("y", y)',
    '',
    ...(state.gradient === 'target'
      ? [`target = ${tensor(state.target)}`, 'loss = 0.5 * ((y - target) ** 2).sum()']
      : [`dy = ${tensor(state.dy)}`, 'loss = (dy * y).sum()  # its gradient with respect to y is dy']),
    'loss.backward()',
    'print("loss", loss)',
    'print("dbeta", bn.bias.grad)',
    'print("dgamma", bn.weight.grad)',
    'print("dx", x.grad)',
    '',
    `torch.optim.SGD(bn.parameters(), lr=${state.lr}).step()`,
    'print("gamma after one step of SGD", bn.weight)',
    'print("beta after one step of SGD", bn.bias)',
  ];
  return `${lines.join('\n')}\n`;
}

/** The batches fed so far, replayed by their means and variances. */
function history(state: WorkedExample): string[] {
  if (state.fed.length === 0) return [];
  const features = featureCount(state);
  const runs = state.fed.map(
    (run) =>
      `    (${run[0]}, ${run[1]}, ${python(run.slice(2, 2 + features))}, ${python(run.slice(2 + features))}),`,
  );
  const unbiased = state.stored === 'unbiased';
  return [
    '# The batches fed to the running statistics: how often, how many examples, their means, their biased variances.',
    'fed = [',
    ...runs,
    ']',
    'for times, m, batch_mean, batch_var in fed:',
    '    batch_mean = torch.tensor(batch_mean, dtype=torch.float64)',
    `    batch_var = torch.tensor(batch_var, dtype=torch.float64)${
      unbiased
        ? ' * m / (m - 1)  # unbiased, as PyTorch stores it'
        : '  # biased, as Keras stores it; PyTorch would multiply by m / (m - 1)'
    }`,
    '    for _ in range(times):',
    '        bn.running_mean += bn.momentum * (batch_mean - bn.running_mean)',
    '        bn.running_var += bn.momentum * (batch_var - bn.running_var)',
  ];
}
