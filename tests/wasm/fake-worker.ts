import type { LabEvent } from '../../web/protocol/lab-session.ts';
import type { Reply, Request } from '../../web/protocol/messages.ts';
import { createHandler } from '../../web/worker/handler.ts';

/** A worker without a thread: the real handler behind the real copying, and a way to crash it. */
export class FakeWorker extends EventTarget {
  readonly received: Request[] = [];
  terminated = false;
  readonly #handle = createHandler({
    post: (event, transfer) => this.#send(event, transfer),
    schedule: (callback, wait = 0) => void setTimeout(() => this.terminated || callback(), wait),
    now: () => performance.now(),
    slice: 2,
  });

  postMessage(message: Request, transfer: Transferable[] | StructuredSerializeOptions = []): void {
    const request = structuredClone(message, Array.isArray(transfer) ? { transfer } : transfer);
    this.received.push(request);
    void this.answer(request);
  }

  terminate(): void {
    this.terminated = true;
  }

  crash(message: string): void {
    this.dispatchEvent(Object.assign(new Event('error'), { message }));
  }

  protected async answer(request: Request): Promise<void> {
    const answer = await this.#handle(request);
    if (answer) this.#send(answer.reply, answer.transfer);
  }

  #send(message: Reply | LabEvent, transfer: ArrayBuffer[]): void {
    if (this.terminated) return;
    this.dispatchEvent(new MessageEvent('message', { data: structuredClone(message, { transfer }) }));
  }
}
