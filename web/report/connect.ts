import type { Channel, ReportedQuiz } from './channel.ts';
import { parentPage } from './parent-page.ts';
import { SpliceChannel } from './splice.ts';
import { placeOf, scoreTarget } from './target.ts';
import { XapiChannel } from './xapi.ts';

/** Ways for scores to leave a page, as the attribute `scores` names them. */
export const CHANNELS = { splice: SpliceChannel, xapi: XapiChannel } as const;

export interface Connection {
  /** Who gets the scores; undefined: nobody. */
  readonly origin: string | undefined;
  /** Why nobody gets them although it was asked for. */
  readonly problem: string | undefined;
  report(): void;
  close(): void;
}

/**
 * Sends the scores of `quiz` where its host asks for it by the attributes `scores` and `scores-to`, and nowhere else: without
 * `scores`, no message leaves the page.
 */
export function connectScores(
  quiz: ReportedQuiz,
  { scores, scoresTo }: { scores: string | null; scoresTo: string | null },
  page: Window = window,
): Connection {
  if (scores === null) return nobody(undefined);
  if (!Object.hasOwn(CHANNELS, scores)) {
    const names = Object.keys(CHANNELS).map((name) => `"${name}"`);
    return nobody(`scores: expected ${names.join(' or ')}, got "${scores.slice(0, 40)}". Nothing is sent.`);
  }
  const target = scoreTarget(scoresTo, placeOf(page));
  if ('problem' in target) return nobody(target.problem);
  const channel: Channel = new CHANNELS[scores as keyof typeof CHANNELS](
    quiz,
    parentPage(page, target.origin),
  );
  return {
    origin: target.origin,
    problem: undefined,
    report: () => channel.report(),
    close: () => channel.close(),
  };
}

function nobody(problem: string | undefined): Connection {
  return { origin: undefined, problem, report: () => undefined, close: () => undefined };
}
