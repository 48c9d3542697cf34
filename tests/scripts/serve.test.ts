import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** What `npm start` does last: dist/ is served and the address printed. */
describe('serving the site', () => {
  let bin: string;
  let running: ChildProcess[];
  beforeEach(() => {
    bin = fs.mkdtempSync(path.join(os.tmpdir(), 'bnlab-serve-'));
    running = [];
  });
  afterEach(async () => {
    await Promise.all(
      running.map((server) => {
        server.kill();
        return server.exitCode ?? server.signalCode ?? once(server, 'exit');
      }),
    );
    fs.rmSync(bin, { recursive: true });
  });

  /** The address a server prints; `env` is all the environment it has. */
  async function serve(flags: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    const server = spawn(process.execPath, ['scripts/serve.mjs', ...flags], {
      env: { PATH: bin, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.push(server);
    for await (const line of createInterface({ input: server.stdout })) {
      const [, address] = /^BatchNorm Lab is at (http:\/\/localhost:\d+\/) /.exec(line) ?? [];
      if (address) return address;
    }
    throw new Error('no address was printed');
  }

  it('prints the address, and another where the port is taken', async () => {
    const [first, second] = [await serve(['--no-open']), await serve(['--no-open'])];
    expect(first).not.toBe(second);
    for (const address of [first, second]) {
      const response = await fetch(address);
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('BatchNorm Lab');
    }
  });

  it('opens a browser where there is a desktop, and there only', async () => {
    const opened = path.join(bin, 'opened');
    const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
    fs.writeFileSync(path.join(bin, opener), `#!/bin/sh\necho "$1" >> ${opened}\n`, { mode: 0o755 });
    const desktop = { DISPLAY: ':7' };
    await serve(['--no-open'], desktop);
    await serve([], { ...desktop, CI: '1' });
    if (process.platform === 'linux') await serve([]);
    const address = await serve([], desktop);
    await expect.poll(() => fs.existsSync(opened) && fs.readFileSync(opened, 'utf8')).toBe(`${address}\n`);
  });
});
