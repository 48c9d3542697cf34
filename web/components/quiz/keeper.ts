import type { QuizResult } from '../../protocol/quiz.ts';
import { fromSuspendData, toSuspendData } from '../../report/suspend-data.ts';
import { browserStorage, type KeepStorage } from '../lab/keep.ts';

const KEY = 'bn-quizzes';
/** As many quizzes; what is older is forgotten. */
const MOST = 40;
const LONGEST = 200_000;

/**
 * The reader's own results, kept in this browser where it lets the page keep something, and for this visit where not. Nobody else
 * is told. Fires 'bn-kept' when there is a new one.
 */
export class QuizKeeper extends EventTarget {
  /** The newest last. */
  readonly #all: Map<string, QuizResult>;

  constructor(private readonly storage: KeepStorage | undefined = browserStorage()) {
    super();
    this.#all = new Map(readAll(storage));
  }

  /** By what was asked and when: “before;chapter=3”. */
  of(name: string): QuizResult | undefined {
    return this.#all.get(name);
  }

  keep(name: string, result: QuizResult): void {
    this.#all.delete(name);
    this.#all.set(name, result);
    for (const oldest of [...this.#all.keys()].slice(0, -MOST)) this.#all.delete(oldest);
    try {
      const entries = [...this.#all].map(([each, one]) => [each, toSuspendData(one)]);
      this.storage?.setItem(KEY, JSON.stringify(entries));
    } catch {
      // Full, or forbidden: they hold until the page is left.
    }
    this.dispatchEvent(new Event('bn-kept'));
  }
}

/** What a browser stored, or anything else: what cannot be read is passed over. */
function readAll(storage: KeepStorage | undefined): [string, QuizResult][] {
  let entries: unknown;
  try {
    const text = storage?.getItem(KEY) ?? '[]';
    entries = text.length <= LONGEST ? JSON.parse(text) : [];
  } catch {
    return [];
  }
  if (!Array.isArray(entries)) return [];
  return entries.slice(-MOST).flatMap((entry: unknown): [string, QuizResult][] => {
    if (!Array.isArray(entry)) return [];
    const [name, text] = entry as unknown[];
    if (typeof name !== 'string' || name.length > 2000 || typeof text !== 'string') return [];
    const result = fromSuspendData(text);
    return result ? [[name, result]] : [];
  });
}

let shared: QuizKeeper | undefined;

/** That of the page. */
export function sharedKeeper(): QuizKeeper {
  return (shared ??= new QuizKeeper());
}
