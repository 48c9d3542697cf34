import type { StudyDecision, StudyVerdict } from '../../protocol/studies.ts';

/**
 * Which answer of a question came true, counted from 0; undefined where none did. Each answer's conditions are checks and
 * their verdicts, "early=holds,late=fails", and all must have come true; an answer without conditions never does.
 */
export function answerThatCameTrue(
  conditions: readonly (string | null)[],
  verdicts: readonly StudyVerdict[],
): number | undefined {
  const decided = new Map<string, StudyDecision>(verdicts.map(({ check, decision }) => [check, decision]));
  const found = conditions.findIndex(
    (text) =>
      text?.split(',').every((part) => {
        const [check = '', decision] = part.trim().split('=');
        return decision !== undefined && decided.get(check) === decision;
      }) ?? false,
  );
  return found < 0 ? undefined : found;
}
