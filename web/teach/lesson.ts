import type { Text } from './text.ts';

/** The levels of Bloom’s taxonomy as revised by Anderson and Krathwohl (2001), from the lowest. */
export const LEVELS = {
  remember: 'remember',
  understand: 'understand',
  apply: 'apply',
  analyse: 'analyse',
  evaluate: 'evaluate',
  create: 'create',
} as const;

export type Level = keyof typeof LEVELS;

export const FORMS = {
  alone: 'alone',
  pairs: 'in pairs',
  groups: 'in groups of three or four',
  class: 'all together',
} as const;

/** “Compute …”: begins with a verb that can be watched being done. */
export interface Objective {
  readonly level: Level;
  readonly text: Text;
}

export interface Figure {
  readonly label: Text;
  /** As target.ts has it. */
  readonly target: string;
}

/** Predict, run, explain: the prediction is written down before anything runs. */
export interface Activity {
  readonly title: Text;
  readonly minutes: number;
  readonly form: keyof typeof FORMS;
  readonly figures: readonly [Figure, ...Figure[]];
  readonly predict: Text;
  /** The prediction is a drawing: on paper it gets a box and no lines. */
  readonly sketch?: true;
  readonly run: Text;
  readonly explain: Text;
  /** What comes out, why, and what to listen for; for the teacher. */
  readonly answer: Text;
}

export interface Question {
  readonly ask: Text;
  readonly answer: Text;
}

export interface Misconception {
  /** As students say it. */
  readonly said: Text;
  /** What to do about it: the sentence, or the question, that starts them thinking. */
  readonly reply: Text;
  /** The claim whose experiments settle it. */
  readonly claim: `C${number}`;
}

/** To be filled in: what is given, and what is asked for, which a worksheet leaves blank. */
export interface Grid {
  readonly head: readonly Text[];
  readonly rows: readonly {
    readonly label: Text;
    readonly cells: readonly Text[];
    readonly given?: true;
  }[];
}

export interface Exercise {
  readonly title: Text;
  /** Homework may use the figures; an exam needs paper only. */
  readonly kind: 'homework' | 'exam';
  readonly minutes: number;
  readonly task: Text;
  readonly grid?: Grid;
  readonly solution: Text;
  /** Lines to write on, on paper. */
  readonly lines: number;
}

export interface Slot {
  readonly minutes: number;
  readonly what: Text;
}

export interface Lesson {
  readonly chapter: number;
  /** What the lesson is about, in the teacher’s words. */
  readonly about: Text;
  readonly objectives: readonly Objective[];
  readonly prerequisites: readonly Text[];
  readonly minutes: { readonly reading: number; readonly figures: number; readonly discussion: number };
  readonly activities: readonly Activity[];
  readonly discussion: readonly Question[];
  readonly misconceptions: readonly Misconception[];
  readonly exercises: readonly Exercise[];
  /** What to do with ten minutes. */
  readonly short: Text;
  /** What to do with a whole session in the computer room. */
  readonly session: readonly Slot[];
}
