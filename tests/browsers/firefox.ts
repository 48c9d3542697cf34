import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';
import { clickActions, type DrivenBrowser, keyActions, WINDOW } from './browser.ts';
import { ProcessGroup } from './process.ts';

/** Firefox by WebDriver BiDi, which it speaks itself. */
export async function startFirefox(program: string): Promise<DrivenBrowser> {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'batchnorm-lab-firefox-'));
  const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'];
  const group = new ProcessGroup(program, args, { MOZ_CRASHREPORTER_DISABLE: '1' });
  const [, address = ''] = await group.said(/WebDriver BiDi listening on (ws:\S+)/);
  const connection = await BidiConnection.open(`${address}/session`);
  await connection.send('session.new', { capabilities: {} });
  const { contexts } = await connection.send<{ contexts: { context: string }[] }>(
    'browsingContext.getTree',
    {},
  );
  const context = contexts[0]!.context;
  await connection.send('browsingContext.setViewport', { context, viewport: WINDOW });
  const perform = (id: string, type: string, actions: object[]) =>
    connection.send('input.performActions', { context, actions: [{ id, type, actions }] });
  return {
    async open(url) {
      await connection.send('browsingContext.navigate', { context, url, wait: 'complete' });
    },
    async run<T>(expression: string) {
      const answer = await connection.send<{
        type: string;
        result?: { value?: string };
        exceptionDetails?: { text: string };
      }>('script.evaluate', {
        expression: `(async () => JSON.stringify((await (${expression})) ?? null))()`,
        awaitPromise: true,
        target: { context },
      });
      if (answer.type !== 'success') throw new Error(answer.exceptionDetails?.text ?? 'the script failed');
      return JSON.parse(answer.result?.value ?? 'null') as T;
    },
    async click(x, y) {
      await perform('mouse', 'pointer', clickActions(x, y));
    },
    async press(...keys) {
      await perform('keyboard', 'key', keyActions(keys));
    },
    async picture() {
      const { data } = await connection.send<{ data: string }>('browsingContext.captureScreenshot', {
        context,
      });
      return Buffer.from(data, 'base64');
    },
    async close() {
      await connection.send('browser.close', {}).catch(() => {}); // it may be gone before it answers
      connection.close();
      await group.end();
      fs.rmSync(profile, { recursive: true, force: true });
    },
  };
}

interface BidiAnswer {
  id?: number;
  result?: unknown;
  error?: string;
  message?: string;
}

class BidiConnection {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<
    number,
    { resolve: (result: unknown) => void; reject: (error: Error) => void }
  >();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#hear(JSON.parse(data.toString()) as BidiAnswer));
    socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('The browser hung up.'));
    });
  }

  static async open(address: string): Promise<BidiConnection> {
    const socket = new WebSocket(address);
    await once(socket, 'open');
    return new BidiConnection(socket);
  }

  send<T>(method: string, params: object): Promise<T> {
    const id = ++this.#last;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  close(): void {
    this.#socket.close();
  }

  #hear({ id, result, error, message }: BidiAnswer): void {
    const asked = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || !asked) return;
    this.#waiting.delete(id);
    if (error === undefined) asked.resolve(result);
    else asked.reject(new Error(`${error}: ${message}`));
  }
}
