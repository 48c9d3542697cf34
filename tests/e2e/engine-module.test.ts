import { describe, expect, it } from 'vitest';
import { useSite } from './browser.ts';

/** A program for the browser: y of the worked example, to four decimals, by the engine module at `address`. */
const workedExample = (address: string) => `
  import(${JSON.stringify(address)})
    .then(({ loadEngine }) => loadEngine())
    .then((engine) => {
      const { y } = engine.call('batch_norm_forward', {
        x: { shape: [4, 1], data: Float64Array.of(2, 4, 6, 8) },
        gamma: Float64Array.of(2),
        beta: Float64Array.of(0.5),
      });
      return Array.from(y.data, (value) => value.toFixed(4));
    })`;

const Y = ['-2.1833', '-0.3944', '1.3944', '3.1833'];

describe('the engine as a module of its own', () => {
  const site = useSite();
  const program = () => workedExample(new URL('engine/engine.js', site.address).href);

  it('loads in a page, under the content security policy', async () => {
    const page = await site.open('index.html');
    expect(await page.evaluate(program())).toEqual(Y);
  });

  it('loads in a worker', async () => {
    const page = await site.open('index.html');
    const answer = await page.evaluate(
      (script) =>
        new Promise((resolve, reject) => {
          const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
          const worker = new Worker(url, { type: 'module' });
          worker.addEventListener('message', ({ data }) => resolve(data));
          worker.addEventListener('error', ({ message }) => reject(new Error(message)));
        }),
      `${program()}.then(postMessage, (error) => postMessage(String(error)));`,
    );
    expect(answer).toEqual(Y);
  });
});
