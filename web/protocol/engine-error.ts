import type { ErrorData } from './messages.ts';

/** What was wrong, in pieces; any of them may be missing. */
export interface Complaint {
  operation?: string;
  /** The path of the wrong argument: `gamma`, `experiment.model.layers.0.units`. */
  argument?: string;
  /** What was expected and what came, as phrases: '3 values, one per feature' and '2'. */
  expected?: string;
  actual?: string;
  /** What to do about it, as a sentence. */
  hint?: string;
  /** Says it all where no argument, expectation or value can be named. */
  message?: string;
}

/**
 * What every refusal of the engine is thrown as. The message reads as one text, for instance
 * "batch_norm_forward: `gamma`: expected 3 values, one per feature; got 2. Pass one value per feature."
 * and the pieces stand beside it, so that a form can mark the field that is wrong.
 */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly argument: string;
  readonly expected: string;
  readonly actual: string;
  readonly hint: string;

  constructor(complaint: Complaint | ErrorData, options?: ErrorOptions) {
    super('name' in complaint ? complaint.message : compose(complaint), options);
    this.argument = complaint.argument ?? '';
    this.expected = complaint.expected ?? '';
    this.actual = complaint.actual ?? '';
    this.hint = complaint.hint ?? '';
  }

  /** Structured clone keeps only the message of an error; this is the whole of it. */
  toData(): ErrorData {
    const { name, message, argument, expected, actual, hint } = this;
    return { name, message, argument, expected, actual, hint, ...(this.stack && { stack: this.stack }) };
  }

  static fromData(data: ErrorData): EngineError {
    const error = new EngineError(data);
    if (data.stack) error.stack = data.stack;
    return error;
  }
}

function compose({ operation, argument, expected, actual, hint, message }: Complaint): string {
  const complaint = expected ? `expected ${expected}; got ${actual || 'nothing'}.` : (message ?? '');
  const place = [operation, argument && `\`${argument}\``].filter(Boolean);
  return [[...place, complaint].join(': '), hint].filter(Boolean).join(' ');
}
