import type { Request } from '../protocol/messages.ts';
import { createHandler } from './handler.ts';
import { workerHost } from './host.ts';

// Only the wiring: everything that can go wrong is in the handler.
const handle = createHandler(workerHost((event, transfer) => self.postMessage(event, { transfer })));

self.addEventListener('message', async ({ data }: MessageEvent<Request>) => {
  const answer = await handle(data);
  if (answer) self.postMessage(answer.reply, { transfer: answer.transfer });
});

// Whoever sent it would wait for an answer for ever; an uncaught error tells that this engine is lost.
self.addEventListener('messageerror', () => {
  throw new Error('a message could not be read');
});
