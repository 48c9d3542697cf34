import { sharedClient } from '../../client/engine-client.ts';
import type { Call, Solution } from '../../quiz/question.ts';
import { isNumber, type Item, type NumberItem, textOf } from '../../quiz/quiz.ts';
import { sentenceOf } from '../sentence-of.ts';

/** Asks the engine of the page's figures. */
const callEngine: Call = async (operation, args) => (await sharedClient()).call(operation, args);

/** What the engine says the numbers of a quiz are. */
export class Solutions {
  /** By what is asked: with another seed a question has other numbers. */
  readonly #solved = new Map<string, Solution>();
  #problem: string | undefined;

  constructor(
    private readonly call: Call = callEngine,
    private readonly changed: () => void = () => undefined,
  ) {}

  of(item: Item): Solution | undefined {
    return this.#solved.get(textOf(item));
  }

  /** Why there are none, in a sentence for the visitor. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Whether all that is asked can be judged, or it is known that it cannot. */
  ready(items: readonly Item[]): boolean {
    return this.#problem !== undefined || items.every((item) => !isNumber(item) || this.of(item));
  }

  /** Those that can be judged; while the engine is on its way, all of them. */
  answerable(items: readonly Item[]): readonly Item[] {
    return this.#problem === undefined ? items : items.filter((item) => !isNumber(item) || this.of(item));
  }

  async solve(items: readonly Item[]): Promise<void> {
    this.#problem = undefined;
    try {
      await Promise.all(items.filter(isNumber).map((item) => this.#solveOne(item)));
    } catch (error) {
      this.#problem = sentenceOf(error);
    }
    this.changed();
  }

  async #solveOne(item: NumberItem): Promise<void> {
    this.#solved.set(textOf(item), await item.drawn.solve(this.call));
  }
}
