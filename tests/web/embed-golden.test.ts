import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOADERS } from '../../web/embed/figures.ts';
import { heightMessages, hear, stateMessage } from '../../web/embed/messages.ts';
import { EMBED_FIGURES, EMBED_VERSION, EVERY_FIGURE } from '../../web/protocol/embed.ts';
import {
  DEFAULT_FIGURE,
  isEmbedFigure,
  readEmbedLink,
  writeEmbedLink,
} from '../../web/protocol/embed-link.ts';
import { GOLDEN_LINKS, GOLDEN_TABLE } from './embed-golden.ts';

describe('what was promised to those who embed', () => {
  it.each(GOLDEN_LINKS)('$hash means what it meant', ({ hash, figure, attributes, state }) => {
    const read = readEmbedLink(hash);
    expect(read.problems).toEqual([]);
    expect(read).toMatchObject({ figure, attributes });
    expect(read.state).toBe(state);
  });

  it('are elements and attributes that are still there', () => {
    const now = new Map(
      Object.values(EMBED_FIGURES).map(({ tag, attributes }) => [tag as string, attributes]),
    );
    for (const [tag, attributes] of Object.entries(GOLDEN_TABLE))
      expect([tag, now.get(tag)]).toEqual([tag, expect.arrayContaining([...attributes])]);
  });

  it('are elements called like their figures, each with code to load', () => {
    for (const [name, { tag }] of Object.entries(EMBED_FIGURES)) expect(tag).toBe(`bn-${name}`);
    expect(Object.keys(LOADERS).toSorted()).toEqual(
      Object.values(EMBED_FIGURES)
        .map(({ tag }) => tag)
        .toSorted(),
    );
  });

  it('are attributes of every figure, with what they may be', () => {
    expect(EVERY_FIGURE).toMatchObject({
      controls: ['all', 'few', 'none'],
      theme: ['auto', 'light', 'dark'],
      decimal: ['point', 'comma'],
    });
  });

  it('are messages to the page around', () => {
    const [own, object, text, h5p] = heightMessages(512);
    expect(own).toEqual({ source: 'batchnorm-lab', version: 1, type: 'resize', height: 512 });
    expect(object).toEqual({ subject: 'lti.frameResize', height: 512 });
    expect(JSON.parse(text as string)).toEqual(object);
    expect(h5p).toMatchObject({ context: 'h5p', action: 'resize', scrollHeight: 512 });
    expect(stateMessage('#v=1&figure=lab')).toEqual({
      source: 'batchnorm-lab',
      version: 1,
      type: 'state',
      hash: '#v=1&figure=lab',
    });
  });
});

describe('a link that is not what it should be', () => {
  it('names an unknown figure, says which there are, and shows one', () => {
    const { figure, problems } = readEmbedLink('#v=1&figure=wurked&x=1,2&theme=dark');
    expect(figure).toBe(DEFAULT_FIGURE);
    expect(problems.join(' ')).toMatch(/no figure “wurked”.*worked-example, lab, claim/);
  });

  it('keeps what holds for every figure where the figure is unknown', () => {
    expect(readEmbedLink('#figure=old&knobs=1&theme=dark&controls=none').attributes).toEqual({
      theme: 'dark',
      controls: 'none',
    });
  });

  it('names an unknown attribute and says which there are', () => {
    const { problems, attributes } = readEmbedLink('#figure=study&name=double-well&nobs=1');
    expect(attributes).toEqual({ name: 'double-well' });
    expect(problems).toEqual([
      expect.stringMatching(/study has no setting “nobs”; it has name, knobs, points/),
    ]);
  });

  it('of a newer version is read as far as it can be', () => {
    const { problems, figure } = readEmbedLink(`#v=${EMBED_VERSION + 1}&figure=claim&id=C7`);
    expect(figure).toBe('claim');
    expect(problems).toEqual([expect.stringMatching(/newer than this copy.*knows version 1/)]);
  });

  it.each(['one', '0', '-1', '1e9', '9'.repeat(50), ''])('of version “%s” is said to be none', (version) => {
    expect(readEmbedLink(`#v=${version}&figure=claim&id=C7`).problems[0]).toMatch(/version/);
  });

  it('that is given twice counts once', () => {
    const { attributes, problems } = readEmbedLink('#figure=claim&id=C1&id=C2');
    expect(attributes).toEqual({ id: 'C1' });
    expect(problems).toEqual([expect.stringMatching(/“id” is given twice/)]);
  });

  it('that is endless is not read', () => {
    const { problems } = readEmbedLink(`#figure=lab&experiment=${'x'.repeat(100_000)}`);
    expect(problems[0]).toMatch(/characters, more than/);
  });

  it('has no way into prototypes', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      expect(isEmbedFigure(name)).toBe(false);
      const { attributes } = readEmbedLink(`#figure=claim&${name}=x`);
      expect(Object.keys(attributes)).toEqual([]);
      expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype);
    }
  });

  it('never throws, gives only known attributes, and few short sentences', () => {
    const pieces = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(
        'v=',
        'figure=',
        'figure=study',
        'name=',
        '&',
        '=',
        '#',
        '%',
        '%E0%A4',
        'knobs=',
        'we=1;',
      ),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const { figure, attributes, problems } = readEmbedLink(parts.join(''));
        const known = [...EMBED_FIGURES[figure].attributes, ...Object.keys(EVERY_FIGURE)];
        expect(known).toEqual(expect.arrayContaining(Object.keys(attributes)));
        expect(problems.length).toBeLessThanOrEqual(5);
        for (const problem of problems) {
          expect(problem.length).toBeLessThan(400);
          expect(problem).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
        }
      }),
    );
  });
});

it('reads back every link it writes', () => {
  const names = Object.keys(EMBED_FIGURES) as (keyof typeof EMBED_FIGURES)[];
  const link = fc.constantFrom(...names).chain((figure) => {
    const { attributes } = EMBED_FIGURES[figure];
    const value = fc.string({ unit: 'grapheme', maxLength: 40 });
    const some = [...attributes, ...Object.keys(EVERY_FIGURE)];
    return fc.record({
      figure: fc.constant(figure),
      attributes: fc.dictionary(fc.constantFrom(...some), value),
    });
  });
  fc.assert(
    fc.property(link, ({ figure, attributes }) => {
      const read = readEmbedLink(writeEmbedLink({ figure, attributes }));
      expect(read).toEqual({ figure, attributes: { ...attributes }, problems: [] });
    }),
  );
});

describe('a message from the page around', () => {
  it('is heard where it is one of the greetings', () => {
    expect(hear({ source: 'batchnorm-lab', version: 1, type: 'hello' })).toBe('tell');
    expect(hear({ context: 'h5p', action: 'ready' })).toBe('greet');
    for (const action of ['hello', 'resize', 'resizePrepared'])
      expect(hear({ context: 'h5p', action })).toBe('tell');
  });

  it('is nothing to us otherwise, whatever it is', () => {
    const junk = [null, undefined, 1, 'hello', '{"context":"h5p"}', [], {}, { source: 'batchnorm-lab' }];
    for (const data of [
      ...junk,
      { source: 'batchnorm-lab', version: 2, type: 'hello' },
      { context: 'h5p', action: 1 },
    ])
      expect(hear(data)).toBeUndefined();
    fc.assert(fc.property(fc.anything(), (data) => void hear(data)));
  });
});
