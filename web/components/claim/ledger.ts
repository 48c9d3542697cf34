import type { Badge } from '../../claims/badge.ts';
import {
  predict,
  type Predicted,
  type Prediction,
  type Predictions,
  readPredictions,
  settle,
} from '../../claims/prediction.ts';
import { browserStorage, type KeepStorage } from '../lab/keep.ts';

const KEY = 'bn-predictions';

/**
 * The reader's own predictions, kept in this browser where it lets the page keep something, and for this visit where not.
 * Nobody else is told. Fires 'bn-ledger' when they have changed.
 */
export class Ledger extends EventTarget {
  #all: Predictions;

  constructor(private readonly storage: KeepStorage | undefined = browserStorage()) {
    super();
    this.#all = readPredictions(stored(storage));
  }

  get all(): Predictions {
    return this.#all;
  }

  of(claim: string): Predicted | undefined {
    return this.#all[claim];
  }

  predict(claim: string, prediction: Prediction): void {
    this.#take(predict(this.#all, claim, prediction));
  }

  settle(claim: string, badge: Badge): void {
    this.#take(settle(this.#all, claim, badge));
  }

  forget(): void {
    this.#take({});
  }

  #take(all: Predictions): void {
    if (all === this.#all) return;
    this.#all = all;
    try {
      this.storage?.setItem(KEY, JSON.stringify(all));
    } catch {
      // Full, or forbidden: they hold until the page is left.
    }
    this.dispatchEvent(new Event('bn-ledger'));
  }
}

function stored(storage: KeepStorage | undefined): string | null {
  try {
    return storage?.getItem(KEY) ?? null;
  } catch {
    return null;
  }
}

let shared: Ledger | undefined;

/** That of the page. */
export function sharedLedger(): Ledger {
  return (shared ??= new Ledger());
}
