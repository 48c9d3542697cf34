import { spread } from './statistics.mjs';
import { judge, verdict } from './targets.mjs';

const BEGIN = '<!-- bench:begin (written by npm run bench -- --readme) -->';
const END = '<!-- bench:end -->';

/** Three digits that count: 0.913, 58.2, 1,340. */
export function digits(value) {
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(value >= 10 ? 1 : value >= 1 ? 2 : 3);
}

function range({ median, min, max }) {
  return min === max ? digits(median) : `${digits(median)} (${digits(min)}–${digits(max)})`;
}

function markdown(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}

/** Training steps per second of every contestant; a dash where it does not train that network. */
export function ratesTable(contestants) {
  const nets = ['toy', 'paper', 'glyphs'];
  const rows = Object.values(contestants)
    .filter(({ rates }) => rates.toy)
    .map(({ name, note, rates }) => [
      note ? `${name} (${note})` : name,
      ...nets.map((net) => (rates[net] ? range(spread(rates[net])) : '–')),
    ]);
  return markdown(['training steps per second', ...nets], rows);
}

/** GFLOP/s of the multiply-add peak and of the engine's matrix product. */
export function kernelsTable(contestants) {
  const measured = Object.values(contestants).filter(({ rates }) => rates.peak);
  const workloads = Object.keys(measured[0].rates).filter(
    (name) => name === 'peak' || name.startsWith('gemm-'),
  );
  const label = (name) =>
    name === 'peak' ? 'multiply-add peak' : name.replace('gemm-', '').replaceAll('x', '×');
  const rows = workloads.map((name) => [
    label(name),
    ...measured.map(({ rates }) => range(spread(rates[name]))),
  ]);
  return markdown(['GFLOP/s, one thread', ...measured.map(({ name }) => name)], rows);
}

/** Every target, what was measured, and by how much it is missed. */
export function targetsTable(rows) {
  return markdown(
    ['target', 'wanted', 'measured', ''],
    rows.map((row) => {
      const bound = row.atLeast === undefined ? `≤ ${digits(row.atMost)}` : `≥ ${digits(row.atLeast)}`;
      const { met, short } = verdict(row);
      return [
        row.what,
        `${bound} ${row.unit}`,
        row.measured === null ? `not measured: no ${row.missing}` : `${range(row.measured)} ${row.unit}`,
        met === null ? '' : met ? 'met' : `short by ${Math.max(1, Math.round(short * 100))}%`,
      ];
    }),
  );
}

/** `readme` with what stands between the two markers replaced. */
export function insertIntoReadme(readme, text) {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`README.md has no lines ${BEGIN} and ${END}`);
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${readme.slice(end)}`;
}

/** All of it, in Markdown, of what run.mjs wrote into its JSON. */
export function report(results) {
  const { machine, rounds, contestants } = results;
  return [
    `${machine.processor}, ${machine.cores} cores, ${machine.system}, Node ${machine.node.slice(1)}: medians of ${rounds} rounds (least–most).`,
    'toy: 2-32-32-1, ReLU, batches of 32. paper: 784-100-100-100-10, sigmoid, batches of 60. glyphs: pictures of 12×12, convolutions 3×3 with 8 and 16 channels, ReLU, max pooling, 10 outputs, batches of 32. Batch normalization after each hidden layer, plain SGD, float32, one thread.',
    ratesTable(contestants),
    kernelsTable(contestants),
    targetsTable(judge(results)),
  ].join('\n\n');
}
