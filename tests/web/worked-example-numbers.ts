import type { Engine } from '../../wasm/engine.ts';
import { FeatureView } from '../../web/components/worked-example/walk.ts';
import {
  computeNumbers,
  type EngineCall,
  type Numbers,
} from '../../web/components/worked-example/numbers.ts';
import { decodeWorkedExample, type WorkedExample } from '../../web/protocol/worked-example.ts';
import { load } from '../wasm/support.ts';

let engine: Promise<Engine> | undefined;

/** The shipped engine, as the figure calls it. */
export async function engineCall(): Promise<EngineCall> {
  const loaded = await (engine ??= load('simd'));
  return { call: async (operation, args) => loaded.call(operation, args) };
}

export function stateOf(link: string): WorkedExample {
  const { value, problem } = decodeWorkedExample(link);
  if (value === undefined) throw new Error(problem);
  return value;
}

export async function numbersOf(link: string): Promise<Numbers> {
  return computeNumbers(await engineCall(), stateOf(link));
}

export async function viewOf(link: string): Promise<FeatureView> {
  return new FeatureView(await numbersOf(link));
}
