import type { LabSetup } from '../protocol/lab-session.ts';
import type { Connection } from './connection.ts';

type Data = LabSetup['data'];

/**
 * Sends given examples to an engine once, however many sessions or jobs are made of them: a table may be 150 MB, and copying
 * it holds up the page.
 */
export class Examples {
  readonly #sent = new WeakMap<Connection, Pick<Data, 'x' | 'y'>>();

  /** What is left to send of the setup. */
  send(connection: Connection, setup: LabSetup): LabSetup {
    const { x, y, ...data } = setup.data;
    const before = this.#sent.get(connection);
    if (before?.x !== x || before?.y !== y) {
      const examples = { ...(x && { x }), ...(y && { y }) };
      connection.tell({ kind: 'examples', examples });
      this.#sent.set(connection, examples);
    }
    return { ...setup, data };
  }
}
