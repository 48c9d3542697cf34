import type { LabEvent } from '../protocol/lab-session.ts';

/** What a session needs of wherever it runs. */
export interface Host {
  post(event: LabEvent, transfer: ArrayBuffer[]): void;
  /** Calls back after everything that has arrived in the meantime has been heard, and not before `wait` milliseconds. */
  schedule(callback: () => void, wait?: number): void;
  /** Milliseconds. */
  now(): number;
  /** How long to work without listening, in milliseconds. */
  readonly slice: number;
}

type Post = Host['post'];

/** In a worker: whatever comes in is heard every 8 ms, which costs a message to oneself and no waiting. */
export function workerHost(post: Post): Host {
  const { port1, port2 } = new MessageChannel();
  const callbacks: (() => void)[] = [];
  port1.addEventListener('message', () => callbacks.shift()?.());
  port1.start();
  return {
    post,
    schedule(callback, wait = 0) {
      if (wait > 0) return void setTimeout(callback, wait);
      callbacks.push(callback);
      port2.postMessage(null);
    },
    now: () => performance.now(),
    slice: 8,
  };
}

/** On the page's own thread, which has a page to keep alive: short slices, and as long a rest after each. */
export function pageHost(post: Post): Host {
  return {
    post,
    schedule: (callback, wait = 0) => void setTimeout(callback, Math.max(4, wait)),
    now: () => performance.now(),
    slice: 4,
  };
}
