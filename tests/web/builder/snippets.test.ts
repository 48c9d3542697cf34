import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BuilderState,
  readBuilder,
  writeBuilder,
} from '../../../web/components/builder/builder-state.ts';
import {
  type Build,
  elementText,
  frameText,
  isPrivate,
  linkText,
  oneFileText,
  readBase,
  shortest,
} from '../../../web/components/builder/snippets.ts';
import { attributesOf, type EmbedLink, readEmbedLink } from '../../../web/protocol/embed-link.ts';
import { EMBED_FIGURES, type EmbedFigureName } from '../../../web/protocol/embed.ts';
import { decodeLab, encodeLab } from '../../../web/protocol/lab.ts';
import { presetLab } from '../../../web/protocol/lab-presets.ts';
import { decodeWorkedExample, encodeWorkedExample } from '../../../web/protocol/worked-example.ts';

const BASE = 'https://school.example/batchnorm-lab/';

const build = (link: EmbedLink, given: Partial<Build> = {}): Build => ({
  link,
  base: BASE,
  height: 720,
  fitting: true,
  title: 'A figure',
  ...given,
});

/** The attributes of a tag as HTML reads them. */
function attributes(html: string, tag: string): Record<string, string> {
  const [, inside = ''] = new RegExp(`<${tag}((?:\\s+[\\w-]+(?:="[^"]*")?)*)\\s*>`).exec(html) ?? [];
  const text = (escaped: string) =>
    escaped
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&');
  return Object.fromEntries(
    [...inside.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, name, value = '']) => [name, text(value)]),
  );
}

const names = Object.keys(EMBED_FIGURES) as EmbedFigureName[];
const anyLink: fc.Arbitrary<EmbedLink> = fc
  .constantFrom(...names)
  .chain((figure) =>
    fc
      .record(
        Object.fromEntries(attributesOf(figure).map((name) => [name, fc.string({ unit: 'grapheme' })])),
        { requiredKeys: [] },
      )
      .map((given) => ({ figure, attributes: given as Record<string, string> })),
  );

const asked = ({ figure, attributes: given, state }: EmbedLink) => ({ figure, attributes: given, state });

describe('a frame to paste', () => {
  it('is asked for what was chosen, whatever that is', () => {
    fc.assert(
      fc.property(anyLink, (link) => {
        const { src = '' } = attributes(frameText(build(link)), 'iframe');
        expect(src.startsWith(`${BASE}embed.html#`)).toBe(true);
        expect(asked(readEmbedLink(new URL(src).hash))).toEqual(asked(shortest(link)));
      }),
    );
  });

  it('has a name, a height where none is told, and rights that its host can see', () => {
    const link = { figure: 'claim', attributes: { id: 'C7' } } as const;
    const found = attributes(frameText(build(link, { title: 'C7. “a < b” & more', height: 480 })), 'iframe');
    expect(found).toMatchObject({
      title: 'C7. “a < b” & more',
      height: '480',
      width: '100%',
      loading: 'lazy',
      sandbox: 'allow-scripts allow-same-origin allow-downloads allow-popups allow-popups-to-escape-sandbox',
    });
  });

  it('of the one file keeps nothing of the origin it lies on', () => {
    const html = oneFileText(build({ figure: 'study', attributes: { name: 'double-well' } }));
    const { src, sandbox } = attributes(html, 'iframe');
    expect(src).toBe('batchnorm-lab.html#v=1&figure=study&name=double-well');
    expect(sandbox?.split(' ')).not.toContain('allow-same-origin');
  });

  it('brings the script that fits it only where it is to fit', () => {
    const link = { figure: 'study', attributes: {} } as const;
    expect(frameText(build(link))).toContain('<script>');
    expect(frameText(build(link, { fitting: false }))).not.toContain('<script>');
  });
});

describe('an element to paste', () => {
  it('has the attributes that were chosen, whatever they are', () => {
    fc.assert(
      fc.property(anyLink, (link) => {
        const found = attributes(elementText(build(link)), EMBED_FIGURES[link.figure].tag);
        expect(found).toEqual(shortest(link).attributes);
      }),
    );
  });

  it('says by attributes what a worked example was set to', () => {
    const { value } = decodeWorkedExample('1;x=1,2,5;gamma=3;beta=-1;eps=0.001');
    const link = { figure: 'worked-example', attributes: {}, state: encodeWorkedExample(value!) } as const;
    expect(attributes(elementText(build(link)), 'bn-worked-example')).toEqual({
      x: '1,2,5',
      gamma: '3',
      beta: '-1',
      eps: '0.001',
    });
  });

  it('holds a whole experiment of the Lab', () => {
    const state = encodeLab(presetLab('saturation'));
    const { experiment = '' } = attributes(
      elementText(build({ figure: 'lab', attributes: {}, state })),
      'bn-lab',
    );
    expect(decodeLab(experiment).value).toEqual(presetLab('saturation'));
  });
});

it('a link leaves out what is the same without', () => {
  const link = {
    figure: 'study',
    attributes: { name: 'double-well', controls: 'all', theme: 'dark', decimal: 'point' },
  } as const;
  expect(linkText(build(link))).toBe(`${BASE}embed.html#v=1&figure=study&name=double-well&theme=dark`);
});

describe('the address of a school’s own host', () => {
  it.each([
    ['https://school.example/batchnorm-lab/', 'https://school.example/batchnorm-lab/'],
    ['https://school.example/batchnorm-lab', 'https://school.example/batchnorm-lab/'],
    [' https://school.example/lab/teach.html#builder ', 'https://school.example/lab/'],
    ['http://school.example', 'http://school.example/'],
    ['https://school.example/~someone/lab/?a=b', 'https://school.example/~someone/lab/'],
  ])('%j is read', (typed, value) => {
    expect(readBase(typed)).toEqual({ value });
  });

  it.each([
    '',
    'school',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///home/lab/',
    'https://a:b@c.example/',
  ])('%j is refused in words', (typed) => {
    expect(readBase(typed).problem).toMatch(/^Address: expected one/);
  });

  it('of one computer alone is told apart', () => {
    expect(['http://localhost:8080/', 'http://127.0.0.1/', 'https://school.example/'].map(isPrivate)).toEqual(
      [true, true, false],
    );
  });
});

describe('what has been built, in the address of its page', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(
        anyLink,
        fc.option(fc.integer({ min: 120, max: 4000 }), { nil: undefined }),
        (link, height) => {
          const state: BuilderState = {
            link: shortest(link),
            ...(height !== undefined && { height }),
            base: BASE,
          };
          const read = readBuilder(writeBuilder('#lab=1;lr=0.1', state));
          expect(read).toEqual(state);
        },
      ),
    );
  });

  it('is read from anything without harm', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        readBuilder(`#build=${text}&build-height=${text}&build-base=${text}`);
      }),
    );
    expect(readBuilder('#builder')).toBeUndefined();
    expect(readBuilder('#build=figure=study&build-height=1e9&build-base=javascript:1')).toEqual({
      link: { figure: 'study', attributes: {} },
    });
  });
});
