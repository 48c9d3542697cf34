import { createClient } from '../../web/client/engine-client.ts';
import { createLab } from '../../web/client/lab-session-client.ts';
import { createLabPool } from '../../web/client/pool.ts';
import type { Experiment } from '../../web/protocol/experiment.ts';
import type { LabSetup } from '../../web/protocol/lab-session.ts';

/** What bench/engine/page.mjs measures in a page: each a function of the milliseconds to take, which gives a rate per second. */
declare global {
  interface Window {
    workloads: Record<string, (milliseconds: number) => Promise<number>>;
  }
}

const hidden = [{ kind: 'linear', units: 32 }, { kind: 'batch_norm' }, { kind: 'relu' }] as const;
const toy: Experiment = {
  version: 1,
  batch: { size: 32 },
  model: { inputs: 2, layers: [...hidden, ...hidden, { kind: 'linear', units: 1 }] },
  loss: 'bce_with_logits',
  optimizer: { lr: 0.1 },
};
const data = { data: { kind: 'moons', count: 500, noise: 0.2, test: 0.3 }, seed: 1 } as const;
const setup: LabSetup = { data, arms: [toy, toy] };

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Steps per second of two models that take turns, asked for in calls so long that asking costs nothing. */
async function bare(milliseconds: number): Promise<number> {
  const engine = await createClient();
  const { data: handle } = await engine.call('data_create', data);
  const models = [
    await engine.call('model_create', { experiment: toy, data: handle }),
    await engine.call('model_create', { experiment: toy, data: handle }),
  ];
  const steps = 2048;
  const train = async (time: number) => {
    const start = performance.now();
    let made = 0;
    while (performance.now() < start + time) {
      await Promise.all(models.map(({ model }) => engine.call('model_train', { model, steps })));
      made += steps;
    }
    return (1000 * made) / (performance.now() - start);
  };
  await train(milliseconds / 3);
  const rate = await train(milliseconds);
  engine.close();
  return rate;
}

/** Steps per second of both arms of a Lab at full speed, with what it shows by default. */
async function lab(milliseconds: number): Promise<number> {
  const lab = await createLab();
  await lab.open(setup);
  const seen = () =>
    new Promise<{ step: number; at: number }>((resolve) => {
      const told = () => resolve({ step: lab.frame!.arms[0]!.step, at: performance.now() });
      lab.addEventListener('frame', told, { once: true });
    });
  await lab.run();
  await wait(Math.max(300, milliseconds / 3));
  const from = await seen();
  await wait(milliseconds);
  const to = await seen();
  lab.close();
  return (1000 * (to.step - from.step)) / (to.at - from.at);
}

/** Jobs per second of a sweep on so many workers. */
function sweep(workers: number) {
  return async (milliseconds: number): Promise<number> => {
    const pool = createLabPool({ workers });
    const job = { setup, steps: 500, every: 0, limit: 1000 };
    const run = async (jobs: number) => {
      const start = performance.now();
      await pool.run(Array.from({ length: jobs }, () => job));
      return (1000 * jobs) / (performance.now() - start);
    };
    await run(4 * workers);
    const warm = await run(8 * workers);
    const rate = await run(Math.max(8 * workers, Math.round((warm * milliseconds) / 1000)));
    pool.close();
    return rate;
  };
}

const cores = navigator.hardwareConcurrency;
window.workloads = {
  'page-bare': bare,
  'page-lab': lab,
  'sweep-1': sweep(1),
  [`sweep-${cores}`]: sweep(cores),
};
