import type { Request } from '../protocol/messages.ts';
import { createHandler } from './handler.ts';

// Only the wiring: everything that can go wrong is in the handler.
const handle = createHandler();

self.addEventListener('message', async ({ data }: MessageEvent<Request>) => {
  const { reply, transfer } = await handle(data);
  self.postMessage(reply, { transfer });
});
