import type { Engine } from '../../wasm/engine.ts';
import type { EngineClient } from '../../web/client/engine-client.ts';

/** The engine of this thread, asked as figures ask theirs. */
export function promising(engine: Engine): Pick<EngineClient, 'call'> {
  return {
    call: (operation, args) => Promise.resolve().then(() => engine.call(operation, args)),
  };
}
