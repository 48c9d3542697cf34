import fs from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../wasm/engine.ts';
import { answerThatCameTrue } from '../../../web/components/study/prediction.ts';
import type { StudyDefinition } from '../../../web/protocol/studies.ts';
import { load } from '../../wasm/support.ts';
import { fastSetting, Measured, studiesOf } from '../study-numbers.ts';

/** The studies of all pages, and the conditions under which each answer to their question comes true. */
const questions = fs
  .readdirSync('web/pages')
  .filter((name) => name.endsWith('.html'))
  .flatMap((page) => {
    const html = fs.readFileSync(`web/pages/${page}`, 'utf8');
    return [...html.matchAll(/<bn-study name="([^"]+)"[^>]*>([^]*?)<\/bn-study>/g)].map(
      ([, name = '', inside = '']) => ({
        page,
        name,
        conditions: [...inside.matchAll(/<li(?: data-when="([^"]*)")?/g)].map(([, when]) => when ?? null),
      }),
    );
  });

let engine: Engine;
let studies: readonly StudyDefinition[];

beforeAll(async () => {
  engine = await load('simd', 'studies');
  studies = studiesOf(engine);
});

describe.each(questions)('$page: $name', ({ name, conditions }) => {
  it('is a study, whose checks its answers speak of', () => {
    const study = studies.find((study) => study.name === name);
    expect(studies.map((study) => study.name)).toContain(name);
    const known = study!.checks.flatMap((check) => [`${check.name}=holds`, `${check.name}=fails`]);
    for (const condition of conditions.flatMap((text) => text?.split(',') ?? []))
      expect(known).toContain(condition.trim());
  });

  it.skipIf(conditions.length === 0)('has an answer that comes true', () => {
    const study = studies.find((study) => study.name === name)!;
    const verdicts = new Measured(engine, study, fastSetting(study), study.fast_seeds).verdicts();
    const answer = answerThatCameTrue(conditions, verdicts);
    const came = verdicts.map(({ check, decision }) => `${check}=${decision}`);
    expect({ came, answer }).toEqual({ came, answer: expect.any(Number) });
  });
});

it('pages ask', () => expect(questions.length).toBeGreaterThan(8));
