import type { ClaimSetting } from '../protocol/claim-setting.ts';
import type { EMBED_FIGURES } from '../protocol/embed.ts';
import type { LabValue } from '../protocol/lab.ts';
import type { QuizElement, QuizResultEvent } from '../protocol/quiz.ts';
import type { StudySetting, StudyVerdict } from '../protocol/studies.ts';
import type { WorkedExample } from '../protocol/worked-example.ts';

export type { EmbedFigureName } from '../protocol/embed.ts';
export type { QuizAnswer, QuizAsked, QuizQuestionResult, QuizResult } from '../protocol/quiz.ts';
export type {
  ClaimSetting,
  LabValue,
  QuizElement,
  QuizResultEvent,
  StudySetting,
  StudyVerdict,
  WorkedExample,
};

/** What the published modules register, for TypeScript: the elements as code beside them may use them. */
export interface FigureElements extends Omit<PlainElements, 'bn-claim' | 'bn-quiz'> {
  'bn-claim': ClaimElement;
  'bn-quiz': QuizElement;
}

type Figures = typeof EMBED_FIGURES;
/** An element whose attributes are all there is to it. */
type PlainElements = Record<Figures[keyof Figures]['tag'], HTMLElement>;

export interface ClaimElement extends HTMLElement {
  /** Whether its inside is shown. */
  open: boolean;
}

/** What they tell; all of it bubbles. */
export interface FigureEvents {
  'bn-change': FigureChangeEvent;
  'bn-study-change': StudyChangeEvent;
  'bn-study-judged': StudyJudgedEvent;
  'bn-quiz-result': QuizResultEvent;
}

/** The reader changed something: the new state of a worked example or a Lab, a claim's setting, or the attributes of another figure. */
export interface FigureChangeEvent extends Event {
  readonly detail:
    | { readonly state: WorkedExample }
    | { readonly value: LabValue }
    | { readonly setting: ClaimSetting }
    | { readonly attributes: Readonly<Record<string, string | null>> };
}

/** The reader changed the setting of an experiment, or how many seeds are to run. */
export interface StudyChangeEvent extends Event {
  readonly setting: StudySetting;
  readonly seeds: number;
}

/** A run has ended, and its checks have been judged. */
export interface StudyJudgedEvent extends Event {
  readonly verdicts: readonly StudyVerdict[];
}
