import type { CsvRequest } from '../protocol/csv.ts';
import { createCsvHandler } from './csv-handler.ts';

// Only the wiring: everything that can go wrong is in the handler.
const handle = createCsvHandler();

self.addEventListener('message', async ({ data }: MessageEvent<CsvRequest>) => {
  const { reply, transfer } = await handle(data);
  self.postMessage(reply, { transfer });
});
