import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient, type EngineClient } from '../../web/client/engine-client.ts';
import type { Lab } from '../../web/client/lab.ts';
import { createLab } from '../../web/client/lab-session-client.ts';
import { toText } from '../../web/components/math.ts';
import { channelOf, recordStep, unitOf, type StepRecord } from '../../web/components/lab/step-record.ts';
import { stagesOf } from '../../web/components/lab/step-stages.ts';
import type { LayerSpec } from '../../web/protocol/experiment.ts';
import { FakeWorker } from './fake-worker.ts';
import { diverging, network, setup } from './lab-support.ts';
import { binaryBytes } from './support.ts';

const options = {
  worker: () => new FakeWorker(),
  wasm: async () => binaryBytes('simd').buffer,
};
const UNIT = 3;

let lab: Lab;
let engine: EngineClient;

beforeEach(async () => {
  engine = await createClient(options);
  lab = await createLab({ ...options, nextFrame: (callback) => void setTimeout(callback) });
});

afterEach(() => {
  lab.close();
  engine.close();
});

const record = (block: string) => recordStep(lab, block, () => Promise.resolve(engine));

/** One step in the first hidden layer of a network with this normalisation. */
async function stepWith(norm: LayerSpec): Promise<StepRecord> {
  const arm = network(false);
  const [linear, ...rest] = arm.model.layers;
  await lab.open(
    setup({ arms: [{ ...arm, model: { ...arm.model, layers: [linear as LayerSpec, norm, ...rest] } }] }),
  );
  return (await record('hidden 1'))[0]!;
}

function moved({ norm }: StepRecord, name: string) {
  const { before, gradient, after } = norm!.tensors.get(name)!;
  return [before, gradient, after].map((tensor) => channelOf(tensor, UNIT)) as [number, number, number];
}

describe('one mini-batch, recorded', () => {
  it('fits together: every stage follows from the one before', async () => {
    await lab.open(setup());
    const [a] = await record('hidden 2');
    const { norm, pre, dpre, lr } = a!;
    const x = unitOf(pre, UNIT);
    const m = x.length;
    const [mean, variance] = [channelOf(norm!.mean, UNIT), channelOf(norm!.var, UNIT)];
    expect(mean).toBeCloseTo(x.reduce((sum, value) => sum + value) / m, 5);
    expect(variance).toBeCloseTo(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / m, 5);

    const xhat = unitOf(norm!.xhat!, UNIT);
    const rstd = 1 / Math.sqrt(variance + 1e-5);
    x.forEach((value, at) => expect(xhat[at]).toBeCloseTo((value - mean) * rstd, 4));
    const [gamma, dgamma, gammaAfter] = moved(a!, 'weight');
    const [beta, dbeta, betaAfter] = moved(a!, 'bias');
    unitOf(norm!.output, UNIT).forEach((y, at) => expect(y).toBeCloseTo(gamma * xhat[at]! + beta, 5));

    const dy = unitOf(norm!.doutput, UNIT);
    expect(dbeta).toBeCloseTo(
      dy.reduce((sum, value) => sum + value),
      5,
    );
    expect(dgamma).toBeCloseTo(
      dy.reduce((sum, value, at) => sum + value * xhat[at]!, 0),
      5,
    );
    unitOf(dpre, UNIT).forEach((dx, at) =>
      expect(dx).toBeCloseTo(gamma * rstd * (dy[at]! - dbeta / m - (xhat[at]! * dgamma) / m), 5),
    );
    expect([gammaAfter, betaAfter]).toEqual([
      expect.closeTo(gamma - lr * dgamma, 6),
      expect.closeTo(beta - lr * dbeta, 6),
    ]);

    const [M, , MAfter] = moved(a!, 'running_mean');
    const [V, , VAfter] = moved(a!, 'running_var');
    expect(MAfter).toBeCloseTo(0.9 * M + 0.1 * mean, 6);
    expect(VAfter).toBeCloseTo(0.9 * V + (0.1 * variance * m) / (m - 1), 6);
  });

  it('tells the loss of the predictions it was made from, and of the same batch afterwards', async () => {
    await lab.open(setup());
    const [, b] = await record('output');
    const { prediction, y, loss, lossAfter } = b!;
    const mean =
      unitOf(prediction, 0).reduce((sum, logit, at) => {
        const [z, t] = [logit, y.data[at]!];
        return sum + Math.max(z, 0) - z * t + Math.log1p(Math.exp(-Math.abs(z)));
      }, 0) / prediction.data.length;
    expect(loss).toBeCloseTo(mean, 5);
    expect(lossAfter).toBeLessThan(loss);
    expect(b!.step).toBe(1);
  });

  it('shows A and B the same examples', async () => {
    await lab.open(setup());
    await lab.step('epoch');
    const [a, b] = await record('hidden 1');
    expect(a!.members).toEqual(b!.members);
    expect([a!.step, b!.step]).toEqual([10, 10]);
  });

  it('pauses training first', async () => {
    await lab.open(setup());
    await lab.run({ speed: 50 });
    const [a] = await record('hidden 1');
    expect(lab.status).toBe('ready');
    expect(a!.step).toBe(lab.frame!.arms[0]!.step);
  });

  it('leaves out a network that this step has thrown off', async () => {
    const arm = diverging();
    await lab.open(setup({ arms: [{ ...network(true), loss: 'mse' }, arm] }));
    const made: number[][] = [];
    for (let step = 0; step < 200 && made.at(-1)?.length !== 1; step++)
      made.push((await record('hidden 1')).map((one) => one.arm));
    expect(made[0]).toEqual([0, 1]);
    expect(made.at(-1)).toEqual([0]);
  });
});

describe('its stages', () => {
  const shorts = (one: StepRecord) =>
    stagesOf(one, 0, 0).map(({ short, skipped }) => (skipped === undefined ? short : `(${short})`));

  it('are nine, and those a network does not have are skipped and say why', async () => {
    await lab.open(setup());
    const [a, b] = await record('hidden 1');
    expect(shorts(a!)).toEqual([
      'draw',
      'forward',
      'μ, σ²',
      'x̂',
      'γx̂ + β',
      'loss',
      'backward',
      'update',
      'running',
    ]);
    expect(shorts(b!)).toEqual([
      'draw',
      'forward',
      '(μ, σ²)',
      '(x̂)',
      '(γx̂ + β)',
      'loss',
      'backward',
      'update',
      '(running)',
    ]);
    expect(stagesOf(b!, 0, 0)[2]?.skipped).toBe('B does not normalise in hidden 1.');
  });

  it('put the chosen example’s numbers into the formulas', async () => {
    await lab.open(setup());
    const [a] = await record('hidden 1');
    const stage = stagesOf(a!, UNIT, 5)[3]!;
    const xhat = unitOf(a!.norm!.xhat!, UNIT)[5]!;
    expect(toText(stage.formulas[0]!)).toContain('_6 = ');
    expect(toText(stage.formulas[0]!).endsWith(`= ${xhat.toFixed(4).replace('-', '−')}`)).toBe(true);
  });

  it('skip only the batch’s statistics where each example is measured by itself', async () => {
    expect(shorts(await stepWith({ kind: 'layer_norm' }))).toEqual([
      'draw',
      'forward',
      '(μ, σ²)',
      'x̂',
      'γx̂ + β',
      'loss',
      'backward',
      'update',
      '(running)',
    ]);
  });

  it('tell that frozen BN uses its running statistics', async () => {
    const one = await stepWith({ kind: 'batch_norm', frozen: true });
    const [, , measured, normalised, , , , , running] = stagesOf(one, 0, 0);
    expect([measured?.skipped, running?.skipped]).toEqual([
      expect.stringContaining('frozen'),
      expect.stringContaining('frozen'),
    ]);
    expect(toText(normalised!.formulas[0]!)).toContain('√(V + ε)');
  });

  it.each([
    { kind: 'batch_renorm' },
    { kind: 'lp_norm', p: 'inf' },
    { kind: 'batch_norm', ghost: 4 },
  ] as const)(
    'show the running statistics of $kind moving, without a formula that is not theirs',
    async (norm) => {
      const stages = stagesOf(await stepWith(norm), 0, 0);
      const running = stages[8]!;
      expect(running.formulas).toEqual([]);
      expect(running.moved?.rows).toHaveLength(2);
      for (const { before, after } of running.moved!.rows) expect(after).not.toBe(before);
    },
  );

  it('weigh the newest batch as the convention says', async () => {
    const one = await stepWith({ kind: 'batch_norm', convention: 'keras' });
    const [mean] = stagesOf(one, UNIT, 0)[8]!.formulas;
    expect(toText(mean!)).toContain('(1 − 0.01)');
    const [M, , after] = moved(one, 'running_mean');
    expect(after).toBeCloseTo(0.99 * M + 0.01 * channelOf(one.norm!.mean, UNIT), 6);
  });
});
