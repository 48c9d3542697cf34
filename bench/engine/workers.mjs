// oxlint-disable unicorn/require-post-message-target-origin -- these are Node's worker threads, not windows
/**
 * Several workers, each with an engine and a toy net of its own, as a sweep over seeds uses them: the workload
 * `toy-workers-<n>` is the steps per second of n of them together.
 */
import { once } from 'node:events';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { loadEngine } from '../../dist/engine/engine.js';
import { serve } from '../contestant.mjs';
import { NETS } from '../nets.mjs';
import { onOwnBatches } from './trainers.mjs';

if (isMainThread) {
  await serve({ name: 'workers' }, async (workload) => {
    const workers = Array.from(
      { length: Number(workload.split('-').at(-1)) },
      () => new Worker(new URL(import.meta.url)),
    );
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    const all = (request) =>
      Promise.all(
        workers.map(async (worker) => {
          worker.postMessage(request);
          const [answer] = await once(worker, 'message');
          return answer;
        }),
      );
    return {
      steps: (n) => all({ steps: n }),
      loss: async () => (await all({ loss: true })).reduce((sum, loss) => sum + loss, 0) / workers.length,
      free: () => Promise.all(workers.map((worker) => worker.terminate())),
      scale: workers.length,
      threads: true,
      slice: 0.1, // they wait for each other at every look at the clock
    };
  });
} else {
  const trainer = onOwnBatches(await loadEngine(), NETS.toy);
  parentPort.on('message', ({ steps }) => {
    if (steps === undefined) return parentPort.postMessage(trainer.loss());
    trainer.steps(steps);
    parentPort.postMessage(0);
  });
  parentPort.postMessage('ready');
}
