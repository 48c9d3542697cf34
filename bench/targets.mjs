import { NETS, productFlops } from './nets.mjs';
import { ratio, spread } from './statistics.mjs';

/**
 * What the engine is held to, as rows `{ what, atLeast | atMost, unit, measured }`; `measured` is
 * `{ median, min, max }`, or null where something it needs was not measured, and then `missing` says what.
 *
 * `contestants` maps an id to `{ rates: { workload: [one per round] } }`, `bytes` is what bytes.mjs found, `cores` how
 * many workers ran at once.
 */
export function judge({ contestants, bytes, cores }) {
  const rates = (id, workload) => contestants[id]?.rates[workload];
  const times = (workload, id, atLeast, peer) => {
    const [ours, theirs] = [rates('wasm-simd', workload), rates(id, workload)];
    const row = { what: `${workload} net in wasm, against ${peer}`, atLeast, unit: '×' };
    return ours && theirs
      ? { ...row, measured: ratio(ours, theirs) }
      : { ...row, measured: null, missing: peer };
  };
  const size = (what, atMost, value) => ({
    what,
    atMost,
    unit: 'kB',
    ...(value === undefined
      ? { measured: null, missing: 'a built site' }
      : { measured: spread([value / 1000]) }),
  });

  const paperGflops = rates('wasm-simd', 'paper').map((rate) => (rate * productFlops(NETS.paper)) / 1e9);
  return [
    times('toy', 'tfjs-wasm', 200, 'TensorFlow.js wasm, tf operations'),
    times('toy', 'tfjs-wasm-layers', 200, 'TensorFlow.js wasm, tf.layers'),
    times('toy', 'torch', 20, 'native PyTorch, one thread'),
    times('paper', 'tfjs-wasm', 20, 'TensorFlow.js wasm, tf operations'),
    times('paper', 'tfjs-wasm-layers', 20, 'TensorFlow.js wasm, tf.layers'),
    times('paper', 'torch', 1, 'native PyTorch, one thread'),
    ...('torch-avx512' in contestants
      ? [times('paper', 'torch-avx512', 1, 'native PyTorch, one thread, AVX-512 forced')]
      : []),
    times('glyphs', 'tfjs-wasm', 10, 'TensorFlow.js wasm, tf operations'),
    times('glyphs', 'tfjs-wasm-layers', 10, 'TensorFlow.js wasm, tf.layers'),
    times('glyphs', 'torch', 1, 'native PyTorch, one thread'),
    {
      what: 'paper net in wasm: products against the multiply-add peak of wasm',
      atLeast: 0.75,
      unit: '×',
      measured: ratio(paperGflops, rates('kernels', 'peak')),
    },
    times('toy', 'native', 0.75, 'the same engine native (SSE4.1)'),
    times('paper', 'native', 0.75, 'the same engine native (SSE4.1)'),
    times('glyphs', 'native', 0.75, 'the same engine native (SSE4.1)'),
    {
      what: `${cores} workers on ${cores} cores, against one`,
      atLeast: 0.9 * cores,
      unit: '×',
      measured: ratio(rates('workers', `toy-workers-${cores}`), rates('workers', 'toy-workers-1')),
    },
    {
      what: 'the Lab in the page at full speed, against the engine alone in a worker',
      atLeast: 0.9,
      unit: '×',
      measured: ratio(rates('page', 'page-lab'), rates('page', 'page-bare')),
    },
    {
      what: `a sweep on ${cores} workers, against one`,
      atLeast: 0.9 * cores,
      unit: '×',
      measured: ratio(rates('page', `sweep-${cores}`), rates('page', 'sweep-1')),
    },
    size('engine wasm with SIMD, gzip', 60, bytes.files['engine/engine-simd.wasm']?.gzip),
    size('engine wasm without SIMD, gzip', 60, bytes.files['engine/engine-scalar.wasm']?.gzip),
    size('wasm in the first load of home, gzip', 60, bytes.firstLoads[0].wasm),
    ...bytes.firstLoads.map(({ page, complete }) =>
      size(`first load of ${page}, all transferred, gzip`, 150, complete),
    ),
    size('the whole site in one file, not compressed', 600, bytes.files['batchnorm-lab.html']?.raw),
  ];
}

/**
 * Whether a row holds its target, and if not by what share of the target it misses.
 * @param {{ atLeast?: number, atMost?: number, measured: { median: number } | null }} row
 */
export function verdict({ atLeast, atMost, measured }) {
  if (measured === null) return { met: null, short: null };
  const short = atLeast === undefined ? measured.median / atMost - 1 : 1 - measured.median / atLeast;
  return { met: short <= 0, short: Math.max(0, short) };
}
