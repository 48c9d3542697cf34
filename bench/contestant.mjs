import { createInterface } from 'node:readline';

/**
 * A contestant is a process. It reads lines `<workload> <seconds>` and answers each with one line of JSON:
 * `{ "rate": …, "first_loss": …, "last_loss": … }` (rate per second), or `{ "error": … }`. Its first line says what it
 * is: `{ "name": … , … }`. Staying alive between requests keeps its code compiled and lets contestants take turns.
 *
 * `make(workload)` returns `{ steps(n), loss(), free(), scale, slice }`: n training steps; the mean loss over one pass;
 * what one step counts for in `rate` (default 1; a kernel's GFLOP); seconds between looks at the clock (default 5 ms).
 */
export async function serve(about, make) {
  console.log(JSON.stringify(about));
  for await (const line of createInterface({ input: process.stdin })) {
    const [workload, seconds] = line.split(' ');
    let answer;
    try {
      answer = await measure(await make(workload), Number(seconds));
    } catch (error) {
      answer = { error: String(error) };
    }
    console.log(JSON.stringify(answer));
  }
}

/** Warms up for a third of the time, then counts steps for `seconds`. */
export async function measure(trainer, seconds) {
  const first_loss = await trainer.loss();
  const warm = await run(trainer, seconds / 3, 1);
  const slice = Math.max(1, Math.round(warm.rate * (trainer.slice ?? 0.005)));
  const { rate } = await run(trainer, seconds, slice);
  const last_loss = await trainer.loss();
  await trainer.free();
  return { rate: rate * (trainer.scale ?? 1), first_loss, last_loss };
}

async function run(trainer, seconds, slice) {
  const start = performance.now();
  const end = start + 1000 * seconds;
  let count = 0;
  let now;
  do {
    await trainer.steps(slice);
    count += slice;
    now = performance.now();
  } while (now < end);
  return { rate: (1000 * count) / (now - start) };
}
