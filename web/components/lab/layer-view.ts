import type { LayerNumbers } from './layer-measures.ts';
import type { Block } from './layer-names.ts';
import type { ResultOf } from '../../protocol/operations.ts';
import type { Entry } from './history.ts';

/** Bins of every histogram; an odd number has one around 0. */
export const BINS = 41;

/** An arm's layers at one step, small enough to keep a few hundred of them. */
export interface Snapshot {
  numbers: LayerNumbers;
  /** (L, BINS) each, as heightsOf gives them. */
  heights: Record<'output' | 'xhat' | 'gradient', Uint8Array>;
}

/** What the parts of the panel show of one arm. */
export interface ArmLayers {
  arm: number;
  blocks: readonly Block[];
  /** The one chosen; undefined where this arm has none of that name. */
  block: Block | undefined;
  /** The newest observation as the engine gave it. */
  observed: ResultOf<'model_observe'> | undefined;
  /** The newest one, and those before. */
  now: Snapshot | undefined;
  entries: readonly Entry<Snapshot>[];
}

/** Another layer is to be looked at. */
export class ChooseLayerEvent extends Event {
  static readonly type = 'bn-choose-layer';
  constructor(readonly name: string) {
    super(ChooseLayerEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'bn-choose-layer': ChooseLayerEvent;
  }
}
