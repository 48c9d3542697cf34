import type { ArgsOf, FigureOperation, ResultOf } from '../protocol/operations.ts';
import type { Random } from './random.ts';

/**
 * Questions are data: words, and where the words are proved. A number that was measured says which one it is,
 * `{fixed.batch=10.4}`; tests/web/prose-numbers.test.ts computes it anew. Minus signs are true ones, decimals have a point,
 * which is shown as the reader wants it.
 */
interface AnyQuestion {
  /** In links and in stored results: never changed, never given to another question. Letters, digits, hyphens. */
  readonly id: string;
  /** Those that tell more, the closest first. */
  readonly chapters: readonly [number, ...number[]];
  /** Of the board of claims. */
  readonly claims: readonly `C${number}`[];
  /** What it can be tried by. */
  readonly experiments: readonly `E${string}`[];
}

/** Where the answer can be seen: a place of the site, in the state that shows it. */
export interface See {
  /** “the claim that γ may not be negative” */
  readonly text: string;
  /** “claims.html#C14”, from the site's home. */
  readonly href: string;
}

export interface Option {
  readonly text: string;
  readonly right?: true;
  /** Why it is right; or what one would have to believe to choose it, and what is wrong with that. */
  readonly why: string;
}

export interface ChoiceQuestion extends AnyQuestion {
  readonly kind: 'one' | 'several';
  readonly text: string;
  readonly options: readonly Option[];
  readonly see: See;
  /** What there is to say whatever was chosen: above all, where the evidence is mixed. */
  readonly note?: string;
}

/** A question with other numbers for every seed. */
export interface NumberQuestion extends AnyQuestion {
  readonly kind: 'number';
  readonly draw: (random: Random) => Drawn;
}

/** With its numbers. */
export interface Drawn {
  readonly text: string;
  /** As far off an answer may be. */
  readonly tolerance: number;
  readonly see: See;
  readonly solve: (call: Call) => Promise<Solution>;
}

/** The engine of the figures. */
export type Call = <K extends FigureOperation>(operation: K, args: ArgsOf<K>) => Promise<ResultOf<K>>;

/** What the engine makes of the numbers. */
export interface Solution {
  readonly value: number;
  /** The way there. */
  readonly why: string;
  /** What comes out of a wrong turn, and which it was. */
  readonly mistakes: readonly Mistake[];
}

export interface Mistake {
  readonly value: number;
  readonly why: string;
}

export type Question = ChoiceQuestion | NumberQuestion;

/** For a topic's file. */
export type Questions = readonly Question[];
