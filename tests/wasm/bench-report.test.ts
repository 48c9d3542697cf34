import { describe, expect, it } from 'vitest';
import { makeBatches, NETS, productFlops } from '../../bench/nets.mjs';
import { median, ratio, spread } from '../../bench/statistics.mjs';
import { digits, insertIntoReadme, ratesTable, targetsTable } from '../../bench/table.mjs';
import { judge, verdict } from '../../bench/targets.mjs';

describe('statistics', () => {
  it('takes the middle value, and the mean of two middle ones', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 9, 1, 5])).toBe(7);
    expect(() => median([])).toThrow('no values');
  });

  it('orders numbers as numbers and leaves its argument alone', () => {
    const values = [100, 20, 3];
    expect(spread(values)).toEqual({ median: 20, min: 3, max: 100 });
    expect(values).toEqual([100, 20, 3]);
  });

  it('divides round by round, so that a slow round of both changes nothing', () => {
    expect(ratio([30, 3, 30], [10, 1, 10])).toEqual({ median: 3, min: 3, max: 3 });
    expect(ratio([10, 40, 90], [10, 20, 30])).toEqual({ median: 2, min: 1, max: 3 });
    expect(() => ratio([1, 2], [1])).toThrow('2 rounds against 1');
  });
});

describe('nets', () => {
  it('counts the products of a step: forward, dW, and dx but for the first layer', () => {
    expect(productFlops(NETS.toy)).toBe(2 * 32 * (2 * 2 * 32 + 3 * 32 * 32 + 3 * 32 * 1));
    expect(productFlops(NETS.paper)).toBe(2 * 60 * (2 * 784 * 100 + 3 * (100 * 100 + 100 * 100 + 100 * 10)));
  });

  it('draws batches that can be learnt', () => {
    const [toy] = makeBatches(NETS.toy);
    expect(toy?.x).toHaveLength(64);
    toy?.target.forEach((label, i) => expect(label).toBe(toy.x[2 * i]! * toy.x[2 * i + 1]! > 0 ? 1 : 0));
    const [paper] = makeBatches(NETS.paper);
    expect(paper?.target).toBeInstanceOf(Int32Array);
    paper?.target.forEach((label, i) => {
      const start = paper.x.subarray(784 * i, 784 * i + 10);
      expect(start[label]).toBe(Math.max(...start));
    });
  });
});

/** What run.mjs measures, with round numbers: two rounds, two cores. */
function results(toy: number[], withTorch: boolean) {
  const contestant = (rates: Record<string, number[]>) => ({ name: 'a', note: 'b', rates });
  return {
    cores: 2,
    contestants: {
      'wasm-simd': contestant({ toy, paper: [1500, 1500], glyphs: [2000, 2000] }),
      kernels: contestant({ peak: [60, 60] }),
      native: contestant({ toy: [1000, 1000], paper: [3000, 3000], glyphs: [1000, 1000] }),
      page: contestant({
        'page-bare': [100, 100],
        'page-lab': [95, 95],
        'sweep-1': [5, 5],
        'sweep-2': [8, 8],
      }),
      workers: contestant({ 'toy-workers-1': [10, 10], 'toy-workers-2': [19, 19] }),
      'tfjs-wasm': contestant({ toy: [5, 5], paper: [100, 100], glyphs: [200, 250] }),
      'tfjs-wasm-layers': contestant({ toy: [4, 4], paper: [50, 50] }),
      ...(withTorch && { torch: contestant({ toy: [100, 100], paper: [1000, 1000] }) }),
    },
    bytes: {
      files: {
        'engine/engine-simd.wasm': { raw: 9e4, gzip: 3e4 },
        'engine/engine-scalar.wasm': { raw: 3e5, gzip: 9e4 },
        'batchnorm-lab.html': { raw: 7e5, gzip: 5e5 },
      },
      firstLoads: [{ page: 'home', first_paint: 2e4, complete: 15e4, wasm: 4e4 }],
    },
  };
}

describe('targets', () => {
  const rowOf = (rows: ReturnType<typeof judge>, what: string) => {
    const row = rows.find((each) => each.what.includes(what));
    if (!row) throw new Error(`no row about ${what}`);
    return row;
  };

  it('divides by the right peer and holds the right bound', () => {
    const rows = judge(results([1000, 900], true));
    expect(rowOf(rows, 'toy net in wasm, against TensorFlow.js wasm, tf operations')).toMatchObject({
      atLeast: 200,
      measured: { median: 190, min: 180, max: 200 },
    });
    expect(rowOf(rows, 'glyphs net in wasm, against TensorFlow.js wasm, tf operations')).toMatchObject({
      atLeast: 10,
      measured: { median: 9, min: 8, max: 10 },
    });
    expect(rowOf(rows, 'toy net in wasm, against native PyTorch').measured?.median).toBe(9.5);
    expect(rowOf(rows, 'paper net in wasm, against the same engine').measured?.median).toBe(0.5);
    expect(rowOf(rows, '2 workers')).toMatchObject({ atLeast: 1.8, measured: { median: 1.9 } });
    expect(rowOf(rows, 'the Lab in the page')).toMatchObject({ atLeast: 0.9, measured: { median: 0.95 } });
    expect(rowOf(rows, 'a sweep on 2 workers')).toMatchObject({ atLeast: 1.8, measured: { median: 1.6 } });
    expect(rowOf(rows, 'engine wasm without SIMD')).toMatchObject({ atMost: 60, measured: { median: 90 } });
    expect(rowOf(rows, 'wasm in the first load')).toMatchObject({ atMost: 60, measured: { median: 40 } });
    expect(rowOf(rows, 'in one file')).toMatchObject({ atMost: 600, measured: { median: 700 } });
    const peak = rowOf(rows, 'multiply-add peak');
    expect(peak.measured?.median).toBeCloseTo((1500 * 26_376_000) / 60e9, 12);
  });

  it('is met at the bound, and short by a share of it', () => {
    const measured = (median: number) => ({ median, min: median, max: median });
    expect(verdict({ atLeast: 200, measured: measured(200) })).toEqual({ met: true, short: 0 });
    expect(verdict({ atLeast: 200, measured: measured(150) })).toEqual({ met: false, short: 0.25 });
    expect(verdict({ atMost: 60, measured: measured(60) })).toEqual({ met: true, short: 0 });
    expect(verdict({ atMost: 60, measured: measured(90) })).toEqual({ met: false, short: 0.5 });
    expect(verdict({ atLeast: 1, measured: null })).toEqual({ met: null, short: null });
  });

  it('becomes a table that says what is met, short or missing', () => {
    const table = targetsTable(judge(results([1000, 900], false)));
    const line = (what: string) => table.split('\n').find((each) => each.includes(what));
    expect(line('tf operations')).toBe(
      '| toy net in wasm, against TensorFlow.js wasm, tf operations | ≥ 200 × | 190 (180–200) × | short by 5% |',
    );
    expect(line('home, all transferred')).toMatch(/\| ≤ 150 kB \| 150 kB \| met \|$/);
    expect(line('toy net in wasm, against native PyTorch')).toMatch(
      /\| ≥ 20.0 × \| not measured: no native PyTorch, one thread \|  \|$/,
    );
    expect(line('engine wasm without SIMD')).toContain('short by 50%');
  });
});

describe('tables', () => {
  it('shows the digits that count', () => {
    expect([0.9126, 1.913, 58.24, 131.6, 75_749.6].map(digits)).toEqual([
      '0.913',
      '1.91',
      '58.2',
      '132',
      '75,750',
    ]);
  });

  it('lists every contestant that trains, and no other', () => {
    const table = ratesTable(results([1000, 900], true).contestants);
    expect(table).toContain('| a (b) | 950 (900–1,000) | 1,500 | 2,000 |');
    expect(table).toContain('| a (b) | 4.00 | 50.0 | – |');
    expect(table.split('\n')).toHaveLength(2 + 5);
  });

  it("replaces what stands between the README's markers, and nothing else", () => {
    const begin = '<!-- bench:begin (written by npm run bench -- --readme) -->';
    const readme = `# Lab\n\n${begin}\nold\n<!-- bench:end -->\n\nAfter.\n`;
    const once = insertIntoReadme(readme, 'new');
    expect(once).toBe(`# Lab\n\n${begin}\n\nnew\n\n<!-- bench:end -->\n\nAfter.\n`);
    expect(insertIntoReadme(once, 'new')).toBe(once);
    expect(() => insertIntoReadme('# Lab\n', 'new')).toThrow('README.md has no lines');
  });
});
