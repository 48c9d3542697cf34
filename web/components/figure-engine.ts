import { createClient, type EngineClient } from '../client/engine-client.ts';

let shared: Promise<EngineClient> | undefined;

/**
 * One engine with all operations for the figures of a chapter that build networks; nobody closes it. Started by the first
 * figure that asks, and anew if that failed.
 */
export function figureEngine(): Promise<EngineClient> {
  shared ??= createClient().catch((error: unknown) => {
    shared = undefined;
    throw error;
  });
  return shared;
}
