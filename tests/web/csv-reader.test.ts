import { describe, expect, test, vi } from 'vitest';
import { CsvProblemError, CsvReader } from '../../web/client/csv.ts';
import { CSV_LIMITS, type CsvReply, type CsvRequest } from '../../web/protocol/csv.ts';
import { createCsvHandler } from '../../web/worker/csv-handler.ts';

/** A worker without a thread: the real handler behind the real copying, and a way to crash it. */
class FakeCsvWorker extends EventTarget {
  terminated = false;
  readonly #handle = createCsvHandler();

  postMessage(request: CsvRequest): void {
    void this.#handle(structuredClone(request)).then(({ reply, transfer }) => {
      if (this.terminated) return;
      const data: CsvReply = structuredClone(reply, { transfer });
      this.dispatchEvent(new MessageEvent('message', { data }));
    });
  }

  terminate(): void {
    this.terminated = true;
  }
}

const TEXT = 'a,b,class\n1,2,x\n3,4,y\n5,?,y\n';
const noWorker = () => {
  throw new Error('no workers here');
};

describe.each([
  ['in a worker', () => new FakeCsvWorker()],
  ['on the page’s own thread', noWorker],
])('%s', (_, makeWorker) => {
  test('a file is opened, looked at otherwise, and read', async () => {
    const reader = new CsvReader(makeWorker);
    const table = await reader.open(new Blob([TEXT]));
    expect(table).toMatchObject({ header: true, label: 2 });
    expect((await reader.look(false)).columns[0]).toMatchObject({ name: 'column 1' });
    expect(await reader.look(true)).toEqual(table);
    const examples = await reader.read({ label: 2, target: 'classes' });
    expect(examples).toMatchObject({ x: { shape: [2, 2] }, y: Int32Array.of(0, 1), badRows: 1 });
    // The buffers were handed over; reading again makes new ones.
    expect(await reader.read({ label: 2, target: 'classes' })).toEqual(examples);
    reader.close();
  });

  test('what is wrong arrives as a sentence, and the next table is read all the same', async () => {
    const reader = new CsvReader(makeWorker);
    await expect(reader.read({ label: 0, target: 'classes' })).rejects.toThrow(
      /^No table has been opened\.$/,
    );
    await expect(reader.open('')).rejects.toThrow(CsvProblemError);
    await expect(reader.open('one column')).rejects.toThrow(/^Only one column/);
    expect(await reader.open(TEXT)).toMatchObject({ label: 2 });
    await expect(reader.read({ label: 9, target: 'classes' })).rejects.toThrow(/no column 10/);
    reader.close();
  });

  test('a file that is too large is refused before it is read', async () => {
    const reader = new CsvReader(makeWorker);
    const file = new Blob(['a,b\n1,2\n']);
    vi.spyOn(Blob.prototype, 'size', 'get').mockReturnValue(CSV_LIMITS.bytes + 1);
    const opened = reader.open(file);
    await expect(opened).rejects.toThrow('This table takes 201 MB; expected at most 200 MB.');
    vi.restoreAllMocks();
    reader.close();
  });
});

test('closing ends the worker and what is under way', async () => {
  const worker = new FakeCsvWorker();
  const reader = new CsvReader(() => worker);
  const opened = reader.open(TEXT);
  await Promise.resolve();
  reader.close();
  await expect(opened).rejects.toThrow('Reading was stopped.');
  expect(worker.terminated).toBe(true);
});

test('a worker that breaks down says so, and the next one starts anew', async () => {
  const workers: FakeCsvWorker[] = [];
  const reader = new CsvReader(() => {
    workers.push(new FakeCsvWorker());
    return workers.at(-1)!;
  });
  const opened = reader.open(TEXT);
  workers[0]!.dispatchEvent(new Event('error'));
  await expect(opened).rejects.toThrow('The table is too large for this browser.');
  expect(workers[0]!.terminated).toBe(true);
  expect(await reader.open(TEXT)).toMatchObject({ label: 2 });
  expect(workers).toHaveLength(2);
});
