import type { LabEvent } from '../protocol/lab-session.ts';
import type { Reply, Request } from '../protocol/messages.ts';

/** A way to an engine: requests go in by `post`, and what comes back is told to the listener. */
export interface Link {
  post(request: Request, transfer?: Transferable[]): void;
  close(): void;
}

export interface Listener {
  reply(reply: Reply): void;
  event(event: LabEvent): void;
  /** The other side is gone: nothing will be answered any more. */
  died(reason: string): void;
}

/** What the client uses of a Worker. */
export type WorkerLike = Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>;

export function workerLink(worker: WorkerLike, listener: Listener): Link {
  worker.addEventListener('message', ({ data }: MessageEvent<Reply | LabEvent>) => {
    if ('id' in data) listener.reply(data);
    else listener.event(data);
  });
  worker.addEventListener('error', (event) => listener.died(event.message || 'it could not be loaded'));
  worker.addEventListener('messageerror', () => listener.died('a message could not be read'));
  return {
    post: (request, transfer = []) => worker.postMessage(request, transfer),
    close: () => worker.terminate(),
  };
}

/** The same handler on the caller's own thread, loaded only when it is needed. */
export async function localLink(listener: Listener): Promise<Link> {
  const [{ createHandler }, { pageHost }] = await Promise.all([
    import('../worker/handler.ts'),
    import('../worker/host.ts'),
  ]);
  let open = true;
  const ifOpen = (action: () => void) => () => {
    if (open) action();
  };
  // An event is heard later, as a worker's would be: whoever hears it may ask for something again.
  const host = pageHost((event) => queueMicrotask(ifOpen(() => listener.event(event))));
  const handle = createHandler({
    ...host,
    schedule: (callback, wait) => host.schedule(ifOpen(callback), wait),
  });
  return {
    post(request, transfer = []) {
      // Copied now, as a worker's would be: the caller may change its arrays while the request waits its turn.
      const copy = structuredClone(request, { transfer });
      // Begun later: between many calls in a row the page is drawn and hears whether to go on.
      const begin = async () => {
        const answer = await handle(copy);
        if (open && answer) listener.reply(answer.reply);
      };
      host.schedule(ifOpen(() => void begin()));
    },
    close() {
      open = false;
    },
  };
}
