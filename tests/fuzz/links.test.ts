import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  formatSetting,
  parseSetting,
  sameSetting,
  type StudyDefinition,
} from '../../web/protocol/studies.ts';
import { FIRST_SEED_MAX, claimHash, parseClaim } from '../../web/claims/link.ts';
import { MOST_SEEDS, MOST_POINTS } from '../../web/protocol/studies.ts';
import { readHash, writeHash } from '../../web/protocol/hash.ts';
import {
  compileLab,
  decodeLab,
  defaultLab,
  encodeLab,
  LabProblem,
  type LabValue,
  readLabFile,
  sameLab,
  writeLabFile,
} from '../../web/protocol/lab.ts';
import { labPresetNames, presetLab } from '../../web/protocol/lab-presets.ts';
import { armProperties, sharedProperties, viewProperties } from '../../web/protocol/lab-properties.ts';
import {
  decodeWorkedExample,
  defaultWorkedExample,
  encodeWorkedExample,
  MAX_EXAMPLES,
  MAX_FEATURES,
  MAX_FED_RUNS,
  sameWorkedExample,
  type WorkedExample,
  workedExampleProperties,
} from '../../web/protocol/worked-example.ts';
import { namesIn } from '../../web/protocol/names.ts';
import { MOST_QUESTIONS } from '../../web/protocol/quiz.ts';
import { ALL_QUESTIONS, decodeQuiz, encodeQuiz } from '../../web/quiz/settings.ts';
import { QUESTIONS } from '../../web/quiz/questions.ts';
import { attributesOf, isEmbedFigure, readEmbedLink, writeEmbedLink } from '../../web/protocol/embed-link.ts';
import { EMBED_FIGURES, EVERY_FIGURE } from '../../web/protocol/embed.ts';
import { multiplications } from '../../web/worker/work-size.ts';
import { load } from '../wasm/support.ts';
import { hostileText } from './hostile-text.ts';
import { bothIn, fuzz, must } from './inputs.ts';

/**
 * Whatever a link says, it becomes a value the page itself could have made, or is refused with a short sentence. How much work a value
 * asks for is decided by its sizes, and those have caps.
 */
/** A sentence for the reader, which quotes no more of the link than its beginning. */
const LONGEST_PROBLEM = 400;

function refused(problem: string): 'refused' {
  must(problem.length < LONGEST_PROBLEM);
  return 'refused';
}

const flatNumbers = (value: object): number[] =>
  Object.values(value)
    .flat(2)
    .filter((one): one is number => typeof one === 'number');

describe('a link of the worked example', () => {
  const right = [
    '1',
    '1;x=2,4,6,8;gamma=2;beta=0.5',
    '1;x=1,2/3,4/5,6;gamma=1,2;beta=0,0;dy=1,0/0,1/1,1',
    '1;preset=outlier;tab=backward;back_step=3;example=1',
    '1;fed=3,4,5,2.2;momentum=0.5;stored=biased;mode=inference;tab=statistics',
  ];
  const words = [
    ...Object.keys(workedExampleProperties),
    '1;',
    ';',
    '=',
    ',',
    '/',
    '2',
    '-1e9',
    'backward',
    'x=',
    '1,',
  ];

  const isSound = (value: WorkedExample): boolean =>
    Object.getPrototypeOf(value) === Object.prototype &&
    Object.keys(value).sort().join() === Object.keys(defaultWorkedExample).sort().join() &&
    value.x.length <= MAX_EXAMPLES &&
    (value.x[0]?.length ?? 0) <= MAX_FEATURES &&
    value.fed.length <= MAX_FED_RUNS &&
    flatNumbers(value).every(Number.isFinite);

  it('is a state within its limits that a link carries, or refused', () => {
    const tally = fuzz('worked example link', hostileText(right, words), (text) => {
      const { value, problem } = decodeWorkedExample(text);
      if (!value) return refused(problem);
      must(isSound(value));
      const again = decodeWorkedExample(encodeWorkedExample(value)).value;
      must(again !== undefined && sameWorkedExample(again, value));
      return 'read';
    });
    expect(bothIn(tally)).toBeGreaterThan(50);
  });
});

describe('an experiment of the Lab', () => {
  const names = Object.keys({ ...sharedProperties, ...armProperties, ...viewProperties });
  const right = labPresetNames.map((name) => encodeLab(presetLab(name)));
  const words = [
    ...names,
    'b.',
    'b=same',
    '1;',
    ';',
    '=',
    ',',
    '32',
    '0.1',
    'none',
    'on',
    'compare=off',
    '99999999',
  ];

  /** What it would ask of a machine: the most examples and layers, and multiplications for one example in one network. */
  const MOST_WORK = { examples: 50_000, layers: 64, multiplications: 2e7 };

  function mustBeBounded(value: LabValue): void {
    must(flatNumbers(value).every(Number.isFinite));
    must(sameLab(decodeLab(encodeLab(value)).value ?? defaultLab, value));
    try {
      const { data, arms } = compileLab(value);
      must(arms.length <= 2);
      const { count = 0 } = data.data as { count?: number };
      must(count <= MOST_WORK.examples);
      for (const { model } of arms) {
        must(model.layers.length <= MOST_WORK.layers);
        must(multiplications(model) <= MOST_WORK.multiplications);
      }
    } catch (error) {
      must(error instanceof LabProblem);
    }
  }

  it('from a link is one the forms could have made, or refused', () => {
    const tally = fuzz('lab link', hostileText(right, words), (text) => {
      const { value, problem } = decodeLab(text);
      if (!value) return refused(problem);
      mustBeBounded(value);
      return 'read';
    });
    expect(bothIn(tally)).toBeGreaterThan(50);
  });

  it('from a file is the same', () => {
    const files = labPresetNames.slice(0, 4).map((name) => writeLabFile(presetLab(name)));
    const json = [
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      'null',
      'true',
      '1e999',
      ...names.map((name) => `"${name}":`),
    ];
    const tally = fuzz('lab file', hostileText(files, json), (text) => {
      const { value, problem } = readLabFile(text);
      if (!value) return refused(problem);
      mustBeBounded(value);
      return 'read';
    });
    expect(bothIn(tally)).toBeGreaterThan(50);
  });
});

describe('a link of a claim', () => {
  const right = ['C7', 'C7~seeds:20~first:5~E2:lr=0.5;points=1,2', 'C65~E1:a=3', 'C11~E12b:'];
  const words = [
    'C7',
    '~',
    'seeds:',
    'first:',
    'E2:',
    'E12b:',
    'lr=',
    ';points=',
    '20',
    '1000',
    '1000001',
    ',',
  ];

  it('names a claim and sane numbers of seeds, or is refused', () => {
    const tally = fuzz('claim link', hostileText(right, words), (text) => {
      let read;
      try {
        read = parseClaim(text);
      } catch (error) {
        must(error instanceof RangeError);
        return refused((error as RangeError).message);
      }
      const { id, setting } = read;
      must(/^C\d{1,3}$/.test(id));
      must((setting.seeds ?? 2) <= MOST_SEEDS);
      must(setting.firstSeed <= FIRST_SEED_MAX);
      must(Object.keys(setting.studies).every((study) => /^E\d{1,2}[a-z]?$/.test(study)));
      const hash = claimHash(id, setting);
      if (hash.startsWith('#claim=')) must(isDeepStrictEqual(parseClaim(hash.slice('#claim='.length)), read));
      return 'read';
    });
    expect(bothIn(tally)).toBeGreaterThan(50);
  });
});

describe('the setting of a study', () => {
  let studies: readonly StudyDefinition[];
  beforeAll(async () => {
    studies = JSON.parse((await load('simd', 'studies')).call('study_list', {}).studies) as StudyDefinition[];
  });

  it('stays within the ranges of its definition, or is refused', () => {
    const knobs = [...new Set(studies.flatMap((study) => study.knobs.map(({ name }) => `${name}=`)))];
    const points = studies.flatMap(({ axis }) => (axis ? [`points=${axis.points.join()}`] : []));
    const values = [
      ...points,
      ...studies.flatMap((study) =>
        study.knobs.map(({ name, value, min, max }) => `${name}=${value},${name}=${min},${name}=${max}`),
      ),
    ];
    const words = [...knobs, 'points=', ',', ';', '=', '0.5', '100', '-1', '1e9'];
    const tally = fuzz('study setting', hostileText(values, words), (text) => {
      const study = studies[text.length % studies.length]!;
      let setting;
      try {
        setting = parseSetting(study, text);
      } catch (error) {
        must(error instanceof RangeError);
        return refused((error as RangeError).message);
      }
      for (const [name, value] of Object.entries(setting.knobs)) {
        const knob = study.knobs.find((one) => one.name === name);
        must(knob !== undefined && value >= knob.min && value <= knob.max);
      }
      must((setting.points?.length ?? 1) <= MOST_POINTS);
      must(sameSetting(study, parseSetting(study, formatSetting(study, setting)), setting));
      return 'read';
    });
    expect(bothIn(tally)).toBeGreaterThan(50);
  });
});

describe('a link of a quiz', () => {
  const ids = QUESTIONS.map(({ id }) => id);
  const right = [
    '1',
    '1;chapter=3;seed=7',
    `1;questions=${ids.slice(0, 4).join()};shuffle=off`,
    '1;count=5;seed=999999',
  ];
  const words = [
    ...ids.slice(0, 6),
    'questions=',
    'chapter=',
    'seed=',
    'count=',
    'shuffle=',
    'off',
    ';',
    ',',
    '1;',
    '0',
  ];

  it('asks questions that exist, or is refused', () => {
    const tally = fuzz('quiz link', hostileText(right, words), (text) => {
      const { value, problem } = decodeQuiz(text);
      if (!value) return refused(problem);
      const names = namesIn(value.questions);
      must(names.every((name) => ids.includes(name)));
      must(names.length <= MOST_QUESTIONS);
      must(isDeepStrictEqual(Object.keys(value).sort(), Object.keys(ALL_QUESTIONS).sort()));
      must(isDeepStrictEqual(decodeQuiz(encodeQuiz(value)).value, value));
      return 'read';
    });
    expect(bothIn(tally)).toBeGreaterThan(50);
  });
});

describe('a link of embed.html', () => {
  const names = Object.keys(EMBED_FIGURES).filter(isEmbedFigure);
  const right = [
    '#v=1&figure=study&name=double-well&knobs=noise=2&theme=dark',
    '#figure=worked-example&x=2,4,6,8&we=1;gamma=2',
    ...names.map((name) => writeEmbedLink({ figure: name, attributes: { theme: 'dark', decimal: 'comma' } })),
  ];
  const words = [
    ...names,
    ...names.flatMap((name) => attributesOf(name).map((attribute) => `${attribute}=`)),
    ...Object.keys(EVERY_FIGURE),
    '#',
    '&',
    '=',
    'v=1',
    'v=2',
    'figure=',
    'we=1;',
    'onload=',
    'style=',
    'hash=',
    'src=',
  ];

  it('names a figure and attributes it has, and nothing else; what it cannot say is told in short', () => {
    const tally = fuzz('embed link', hostileText(right, words), (text) => {
      const link = readEmbedLink(text);
      must(isEmbedFigure(link.figure));
      const allowed = attributesOf(link.figure);
      must(Object.keys(link.attributes).every((name) => allowed.includes(name)));
      must(!Object.keys(link.attributes).some((name) => /^on|^style$|^hash$|^src/.test(name)));
      must(link.problems.length <= 5);
      must(link.problems.every((problem) => problem.length < 600));
      const outcome = link.problems.length === 0 ? 'read' : 'refused';
      // What was understood is what its own link says, unless that, escaped, is too long to be looked at.
      const own = writeEmbedLink(link);
      if (own.length > 60_000) return outcome;
      const again = readEmbedLink(own);
      must(isDeepStrictEqual(again.problems, []));
      must(again.figure === link.figure);
      must(isDeepStrictEqual(Object.keys(again.attributes), Object.keys(link.attributes)));
      return outcome;
    });
    expect(bothIn(tally)).toBeGreaterThan(50);
  });
});

describe('an address that several figures share', () => {
  it('gives each what is its own, however hostile the rest is', () => {
    const words = ['#', '&', '=', 'we=', 'lab=', 'quiz=', '1;x=2', '%3B', '%', '+'];
    const right = ['#we=1;x=2,4&lab=1;data=moons', '#epsilon', ''];
    const tally = fuzz('shared address', hostileText(right, words), (text) => {
      const read = readHash(text, 'we');
      must(read === undefined || typeof read === 'string');
      const lab = readHash(text, 'lab');
      const hash = writeHash(text, 'we', '1;x=3');
      must(readHash(hash, 'we') === '1;x=3');
      must(readHash(hash, 'lab') === lab);
      return read === undefined ? 'refused' : 'read';
    });
    expect(bothIn(tally)).toBeGreaterThan(50);
  });
});
