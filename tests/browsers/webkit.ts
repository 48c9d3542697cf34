import net from 'node:net';
import { once } from 'node:events';
import { clickActions, type DrivenBrowser, keyActions, WINDOW } from './browser.ts';
import { ProcessGroup } from './process.ts';

/** A driver that does not answer for so long never will: milliseconds. */
const PATIENCE = 60_000;

/** WebKitGTK's MiniBrowser by WebDriver, on a screen that nobody sees. */
export async function startWebKit(driver: string, browser: string): Promise<DrivenBrowser> {
  const port = await freePort();
  const screen = `-screen 0 ${WINDOW.width + 100}x${WINDOW.height + 200}x24`;
  const group = new ProcessGroup('xvfb-run', ['-a', '-s', screen, driver, `--port=${port}`], {
    // No graphics card, no D-Bus session.
    LIBGL_ALWAYS_SOFTWARE: '1',
    WEBKIT_DISABLE_DMABUF_RENDERER: '1',
    NO_AT_BRIDGE: '1',
  });
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      signal: AbortSignal.timeout(PATIENCE),
      ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
    });
    const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  await group.until(() => ask('GET', '/status'));
  const capabilities = {
    alwaysMatch: { 'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] } },
  };
  const { sessionId } = await ask<{ sessionId: string }>('POST', '/session', { capabilities });
  const session = `/session/${sessionId}`;
  await ask('POST', `${session}/timeouts`, { script: PATIENCE, pageLoad: PATIENCE });
  await ask('POST', `${session}/window/rect`, WINDOW);
  const perform = (id: string, type: string, actions: object[]) =>
    ask('POST', `${session}/actions`, { actions: [{ id, type, actions }] });
  return {
    async open(url) {
      await ask('POST', `${session}/url`, { url });
    },
    async run<T>(expression: string) {
      const script = `const done = arguments[arguments.length - 1];
        (async () => (await (${expression})) ?? null)().then(
          (value) => done({ value: JSON.stringify(value) }), (error) => done({ error: String(error) }));`;
      const { value, error } = await ask<{ value?: string; error?: string }>(
        'POST',
        `${session}/execute/async`,
        { script, args: [] },
      );
      if (error !== undefined) throw new Error(error);
      return JSON.parse(value ?? 'null') as T;
    },
    async click(x, y) {
      await perform('mouse', 'pointer', clickActions(x, y));
    },
    async press(...keys) {
      await perform('keyboard', 'key', keyActions(keys));
    },
    async picture() {
      return Buffer.from(await ask<string>('GET', `${session}/screenshot`), 'base64');
    },
    async close() {
      await ask('DELETE', session).catch(() => {}); // the group below takes what is left with it
      await group.end();
    },
  };
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
