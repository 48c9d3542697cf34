import type { Reply, Request } from '../../web/protocol/messages.ts';
import { createHandler } from '../../web/worker/handler.ts';

/** A worker without a thread: the real handler behind the real copying, and a way to crash it. */
export class FakeWorker extends EventTarget {
  readonly received: Request[] = [];
  terminated = false;
  readonly #handle = createHandler();

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
    const { reply, transfer } = await this.#handle(request);
    if (this.terminated) return;
    const data: Reply = structuredClone(reply, { transfer });
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}
