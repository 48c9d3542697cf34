import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program with all the programs it starts. */
export class ProcessGroup {
  readonly #child: ChildProcess;
  #output = '';

  constructor(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (text) => (this.#output += String(text)));
  }

  /** What the program says of itself that fits; rejects when it ends before, with what it said instead. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.#output);
      if (found) return found;
      await this.#breath();
    }
  }

  /** The first answer that is not a refusal. */
  async until<T>(attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await attempt();
      } catch {
        await this.#breath();
      }
    }
  }

  async #breath(): Promise<void> {
    if (this.#child.exitCode !== null) throw new Error(`It ended early: ${this.#output.slice(-2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.pid === undefined) return;
    const ended = once(this.#child, 'exit');
    process.kill(-this.#child.pid, 'SIGTERM');
    await ended;
  }
}
