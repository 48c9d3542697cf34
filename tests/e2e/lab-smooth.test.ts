import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { LabRunBar } from '../../web/components/lab/run-bar.ts';
import { useSite } from './browser.ts';

const site = useSite();

/** The Lab at full speed, once it has got going. */
async function running(): Promise<{ page: Page; bar: ReturnType<Page['locator']> }> {
  const page = await site.open('lab.html#lab=1;speed=0');
  const bar = page.locator('bn-lab-run-bar');
  await bar.getByRole('button', { name: 'Run' }).click();
  await frames(bar, 10);
  return { page, bar };
}

/** Waits for so many frames; resolves to the milliseconds they took. */
function frames(bar: ReturnType<Page['locator']>, count: number): Promise<number> {
  return bar.evaluate(async (element, wanted) => {
    const { lab } = element as LabRunBar;
    const start = performance.now();
    for (let seen = 0; seen < wanted; seen++) {
      await new Promise((resolve) => lab!.addEventListener('frame', resolve, { once: true }));
    }
    return performance.now() - start;
  }, count);
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds: how long it took, and how much of that its thread had a processor. */
  dur?: number;
  tdur?: number;
  args: { name?: string };
}

/** Milliseconds of processor time of every task of the page's main thread while `action` goes on. */
async function mainThreadTasks(page: Page, action: () => Promise<unknown>): Promise<number[]> {
  const browser = page.context().browser()!;
  await browser.startTracing(page, { categories: ['toplevel'] });
  await action();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[];
  };
  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const main = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(thread),
  );
  return traceEvents
    .filter((event) => event.ph === 'X' && event.name.endsWith('RunTask') && main.has(thread(event)))
    .map(({ tdur = 0 }) => tdur / 1000);
}

test('no task of the main thread works for more than 50 ms while the Lab trains at full speed', async () => {
  const { page, bar } = await running();
  const tasks = await mainThreadTasks(page, () => frames(bar, 40));
  // Each frame is drawn in at least one task, and what is measured is measured.
  expect(tasks.filter((time) => time > 0).length).toBeGreaterThan(40);
  expect(Math.max(...tasks)).toBeLessThan(50);
});

test('the page is redrawn at most twenty times a second', async () => {
  const { bar } = await running();
  expect(await frames(bar, 30)).toBeGreaterThan(29 * 45);
});

test('pause answers within 50 ms, and training stands still', async () => {
  const { bar } = await running();
  const answers: number[] = [];
  for (let i = 0; i < 7; i++) {
    answers.push(
      await bar.evaluate(async (element) => {
        const { lab, renderRoot } = element as LabRunBar;
        const start = performance.now();
        const answered = new Promise((resolve) => lab!.addEventListener('status', resolve, { once: true }));
        renderRoot.querySelector<HTMLButtonElement>('button.run')!.click();
        await answered;
        return performance.now() - start;
      }),
    );
    await bar.getByRole('button', { name: 'Run' }).click();
    await frames(bar, 3);
  }
  // The middle one: on a busy machine any one may wait for a processor.
  expect(answers.toSorted((a, b) => a - b)[3]).toBeLessThan(50);
  await bar.getByRole('button', { name: 'Pause' }).click();
  await bar.getByRole('button', { name: 'Run' }).waitFor();
  const step = () => bar.evaluate((element) => (element as LabRunBar).lab!.frame!.arms[0]!.step);
  await expect.poll(async () => (await step()) === (await step())).toBe(true);
  const still = await step();
  await bar.page().waitForTimeout(300);
  expect(await step()).toBe(still);
});

test('frames leave nothing behind in memory', async () => {
  const { page, bar } = await running();
  const cdp = await page.context().newCDPSession(page);
  const used = async () => {
    await cdp.send('HeapProfiler.collectGarbage');
    const usage: { usedSize: number; backingStorageSize?: number } = await cdp.send('Runtime.getHeapUsage');
    return usage.usedSize + (usage.backingStorageSize ?? 0);
  };
  await frames(bar, 40);
  const before = await used();
  await frames(bar, 120);
  // The trace grows until it has its 2,000 points; a frame that stayed would take 130 kB.
  expect((await used()) - before).toBeLessThan(6e6);
});

test('where no worker can be had it trains on the page’s thread, which stays the reader’s', async () => {
  const page = await site.open('lab.html#lab=1;speed=0');
  await page.addInitScript(() => {
    window.Worker = undefined as never;
  });
  await page.reload();
  const bar = page.locator('bn-lab-run-bar');
  await bar.getByRole('button', { name: 'Run' }).click();
  const tasks = await mainThreadTasks(page, () => frames(bar, 10));
  expect(tasks.length).toBeGreaterThan(50);
  expect(Math.max(...tasks)).toBeLessThan(50);
  await bar.getByRole('button', { name: 'Pause' }).click();
  await bar.getByRole('button', { name: 'Run' }).waitFor();
});
