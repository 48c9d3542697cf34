import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { toCsv, toLatexText, toPyTorch } from '../../web/components/worked-example/export.ts';
import { lastRow, type Numbers } from '../../web/components/worked-example/numbers.ts';
import { numbersOf, stateOf } from './worked-example-numbers.ts';

describe('CSV', () => {
  it('has every number in full, per cell and per feature', async () => {
    const numbers = await numbersOf('1;x=2,10/4,30/6,20;gamma=2,-1');
    const [cells = '', features = ''] = toCsv(numbers).split('\n\n');
    const [head = '', ...rows] = cells.split('\n').map((line) => line.split(','));
    expect(rows).toHaveLength(6);
    const at = (name: string) => [...head].indexOf(name);
    rows.forEach((row, cell) => {
      expect(row).toHaveLength(head.length);
      expect(Number(row[at('xhat')])).toBe(numbers.walk.xhat.data[cell]);
      expect(Number(row[at('dx')])).toBe(numbers.walk.dx.data[cell]);
    });
    expect(rows.map((row) => row[at('x')])).toEqual(['2', '10', '4', '30', '6', '20']);
    const perFeature = features.trim().split('\n');
    expect(perFeature).toHaveLength(3);
    expect(perFeature[2]?.split(',').slice(0, 5)).toEqual(['2', 'training', '-1', '0.5', '0.00001']);
  });
});

describe('LaTeX', () => {
  it('shows the arithmetic and both walks', async () => {
    const text = toLatexText(await numbersOf('1;dy=1,0,0,0'));
    expect(text).toContain('\\mu &= \\frac{2 + 4 + 6 + 8}{4} = \\frac{20}{4} = 5');
    expect(text).toContain(
      '{\\hat{x}}_{1} &= \\frac{2 - 5}{\\sqrt{5 + 0.00001}} = \\frac{-3}{2.2361} = -1.3416',
    );
    expect(text).toContain('  1 & $2$ & $-3$ & $9$ & $-1.3416$ & $-2.6833$ & $-2.1833$ \\\\');
    for (const [open, close] of [
      ['{', '}'],
      ['\\begin', '\\end'],
    ] as const) {
      expect(text.split(open).length).toBe(text.split(close).length);
    }
  });

  it.each(['1;preset=constant;feature=0', '1;preset=outlier', '1;mode=inference', '1;gradient=target'])(
    'has nothing a plain installation cannot set: %s',
    async (link) => {
      const text = toLatexText(await numbersOf(link));
      expect(text.replace(/^%.*$/gm, '')).toMatch(/^[\x20-\x7e\n]*$/);
    },
  );
});

const PYTHONS = ['python3', '/usr/bin/python3'];
const python = PYTHONS.find((name) => spawnSync(name, ['-c', 'import torch']).status === 0);

describe('PyTorch', () => {
  it('says which momentum and which variance it means', () => {
    const text = toPyTorch(stateOf('1;momentum=0.01;eps=0.001;fed=3,4,5,5/;stored=biased'));
    expect(text).toContain('eps=0.001, momentum=0.01');
    expect(text).toContain('(3, 4, [5], [5]),');
    expect(text).not.toContain('m / (m - 1)  # unbiased');
    expect(toPyTorch(stateOf('1;fed=3,4,5,5/'))).toContain('* m / (m - 1)  # unbiased');
    expect(toPyTorch(stateOf('1;preset=one'))).not.toContain('bn.train()');
  });

  // All programs in one Python: starting PyTorch takes seconds.
  it.skipIf(python === undefined)('prints the figure’s numbers', async () => {
    const all = await Promise.all(LINKS.map((link) => numbersOf(link)));
    const printed = run(all.map(({ state }) => toPyTorch(state)));
    for (const [at, numbers] of all.entries()) {
      const wanted = expected(numbers);
      expect(Object.keys(printed[at] ?? {}).sort()).toEqual(Object.keys(wanted).sort());
      for (const [name, values] of Object.entries(wanted)) {
        const scale = Math.max(1, ...values.map(Math.abs));
        const got = printed[at]?.[name] ?? [];
        expect(got).toHaveLength(values.length);
        got.forEach((value, index) => {
          const error = Math.abs(value - (values[index] ?? NaN)) / scale;
          expect(error, `${LINKS[at]}: ${name}[${index}]`).toBeLessThan(1e-9);
        });
      }
    }
  });
});

const LINKS = [
  '1',
  '1;x=2,10/4,30/6,20;gamma=2,-1;beta=0.5,1;eps=0.1;lr=0.3;fed=3,4,5,20,5,60/2,3,1,-7,0.5,2;momentum=0.2',
  '1;fed=12,4,5,5/;stored=biased;gradient=target;target=0,1,-1,2',
  '1;mode=inference;fed=2,4,5,5/',
  '1;preset=one;fed=2,4,5,5/',
  '1;preset=constant',
  '1;preset=huge_mean;gradient=target',
];

/** Runs each program as it is, and says in full what it has printed rounded. */
const RUNNER = `
import contextlib, io, json, sys
results = []
for program in json.load(sys.stdin):
    seen = io.StringIO()
    space = {"remember": []}
    # The layer's own training forward moves the running statistics on, after the program has printed them.
    program = program.replace('print("running_mean"', 'remember[:] = [bn.running_mean.clone(), bn.running_var.clone()]\\nprint("running_mean"')
    with contextlib.redirect_stdout(seen):
        exec(program, space)
    for name in ["running_mean", "running_var", "xhat", "y ", "loss", "dbeta", "dgamma", "dx", "gamma after", "beta after"]:
        assert name in seen.getvalue(), name
    flat = lambda value: value.detach().reshape(-1).tolist()
    bn = space["bn"]
    results.append({
        "running_mean": flat(space["remember"][0]), "running_var": flat(space["remember"][1]),
        "xhat": flat(space["xhat"]), "y": flat(space["y"]), "loss": flat(space["loss"]),
        "dbeta": flat(bn.bias.grad), "dgamma": flat(bn.weight.grad), "dx": flat(space["x"].grad),
        "gamma": flat(bn.weight), "beta": flat(bn.bias),
    })
print(json.dumps(results))
`;

function run(programs: readonly string[]): Record<string, number[]>[] {
  const output = execFileSync(python ?? '', ['-c', RUNNER], {
    input: JSON.stringify(programs),
    encoding: 'utf8',
  });
  return JSON.parse(output) as Record<string, number[]>[];
}

function expected({ walk, running }: Numbers): Record<string, number[]> {
  const list = (values: ArrayLike<number>) => Array.from(values);
  return {
    running_mean: list(lastRow(running.pytorch.running_mean)),
    running_var: list(lastRow(running.pytorch.running_var)),
    xhat: list(walk.xhat.data),
    y: list(walk.y.data),
    loss: [walk.loss],
    dbeta: list(walk.dbeta.data),
    dgamma: list(walk.dgamma.data),
    dx: list(walk.dx.data),
    gamma: list(walk.gamma_next.data),
    beta: list(walk.beta_next.data),
  };
}
