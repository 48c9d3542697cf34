import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * A contestant is a process. It reads lines `<workload> <seconds>` and answers each with one line of JSON:
 * `{ "rate": …, "first_loss": …, "last_loss": … }` (rate per second), or `{ "error": … }`. Its first line says what it
 * is: `{ "name": … , … }`. Staying alive between requests keeps its code compiled and lets contestants take turns.
 *
 * `make(workload)` returns `{ steps(n), loss(), free(), scale, slice, threads }`: n training steps; the mean loss over one pass;
 * what one step counts for in `rate` (default 1; a kernel's GFLOP); seconds between looks at the clock (default 5 ms).
 * `threads: true` says that others do the work, so that this thread's own time would say nothing. One that measures itself
 * has `rate(seconds)` instead of all this.
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
  if (trainer.rate) return { rate: await trainer.rate(seconds) };
  const first_loss = await trainer.loss();
  const warm = await run(trainer, seconds / 3, 1);
  const slice = Math.max(1, Math.round(warm.rate * (trainer.slice ?? 0.005)));
  const { rate } = await run(trainer, seconds, slice);
  const last_loss = await trainer.loss();
  await trainer.free();
  return { rate: rate * (trainer.scale ?? 1), first_loss, last_loss };
}

async function run(trainer, seconds, slice) {
  const clock = trainer.threads ? wallSeconds : threadSeconds;
  const start = clock();
  const end = wallSeconds() + seconds;
  let count = 0;
  do {
    await trainer.steps(slice);
    count += slice;
  } while (wallSeconds() < end);
  return { rate: count / (clock() - start) };
}

function wallSeconds() {
  return performance.now() / 1000;
}

/**
 * How long this thread has had a processor: on a quiet machine the time on the wall, on a busy one without the time
 * spent waiting for others. Where the system does not tell, the time on the wall.
 */
function threadSeconds() {
  try {
    const nanoseconds = Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]);
    if (nanoseconds > 0) return nanoseconds / 1e9;
  } catch {
    // not Linux
  }
  return wallSeconds();
}
