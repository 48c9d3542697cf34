import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakable, href, inline, paragraphs } from '../../../scripts/vite/teach/markup.ts';
import { addressOf, parseTarget } from '../../../web/teach/target.ts';
import { paragraphsOf, piecesOf } from '../../../web/teach/text.ts';

describe('the markup of the teaching material', () => {
  it('has formulas, links, stress, code and numbers that say which they are', () => {
    expect(piecesOf('So $\\xhat$ is **not** *one* @eval()@: {ones.dx.0|0.75} ([C3](C3)).')).toEqual([
      { kind: 'plain', text: 'So ' },
      { kind: 'tex', text: '\\xhat' },
      { kind: 'plain', text: ' is ' },
      { kind: 'strong', pieces: [{ kind: 'plain', text: 'not' }] },
      { kind: 'plain', text: ' ' },
      { kind: 'stressed', pieces: [{ kind: 'plain', text: 'one' }] },
      { kind: 'plain', text: ' ' },
      { kind: 'code', text: 'eval()' },
      { kind: 'plain', text: ': ' },
      { kind: 'number', is: 'ones.dx.0', text: '0.75' },
      { kind: 'plain', text: ' (' },
      { kind: 'link', target: 'C3', pieces: [{ kind: 'plain', text: 'C3' }] },
      { kind: 'plain', text: ').' },
    ]);
  });

  it('becomes HTML, with formulas left to the next step', () => {
    expect(paragraphs('One\n two.\n\n[Look](we:x=3,11;dy=1,0) at $a < b$.')).toBe(
      '<p>One two.</p><p><a href="./a-batch-normalised.html#we=1;x=3,11;dy=1,0">Look</a> at <tex>a &lt; b</tex>.</p>',
    );
  });

  it('lets a long formula break where a line may end, and not within braces', () => {
    expect(breakable('\\mu = 5')).toEqual(['\\mu = 5']);
    expect(breakable('\\xhat = (\\is{we.xhat.0}{-1.34}, \\is{we.xhat.1}{-0.45})')).toEqual([
      '\\xhat',
      '= (\\is{we.xhat.0}{-1.34},',
      '\\is{we.xhat.1}{-0.45})',
    ]);
    expect(breakable('\\sqrt{2 + 3 = 5, 7} + \\frac{1 + 1}{2} \\cdot 4')).toEqual([
      '\\sqrt{2 + 3 = 5, 7} +',
      '\\frac{1 + 1}{2} \\cdot',
      '4',
    ]);
    expect(breakable('\\left(1 + 2 + 3 + 4 + 5\\right)')).toHaveLength(1);
  });

  it('leaves what is not closed as it is', () => {
    expect(piecesOf('2 * 3 and [no link] and $5')).toEqual([
      { kind: 'plain', text: '2 * 3 and [no link] and $5' },
    ]);
  });

  it('lets no markup of another kind through, whatever is written', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        const plain = text.replace(/\[[^\]]*\]\([^)]*\)/g, '');
        expect(inline(plain).replace(/<\/?(tex|code|strong|em)>/g, '')).not.toMatch(/[<>]/);
        expect(paragraphsOf(plain).length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('a target', () => {
  const fileOf = (chapter: number) => `chapter-${chapter}.html`;
  const address = (text: string) => addressOf(parseTarget(text), fileOf);

  it('is an address relative to the site', () => {
    expect(address('C7')).toBe('claims.html#C7');
    expect(address('3')).toBe('chapter-3.html');
    expect(address('3#valley')).toBe('chapter-3.html#valley');
    expect(address('we:')).toBe('chapter-1.html#we=1');
    expect(address('we:preset=humps;step=3')).toBe('chapter-1.html#we=1;preset=humps;step=3');
    expect(address('lab:data=moons')).toBe('lab.html#lab=1;data=moons');
    expect(address('study:double-well')).toBe('embed.html#v=1&figure=study&name=double-well');
    expect(address('study:double-well?noise=2;runs=5;points=1,2')).toBe(
      'embed.html#v=1&figure=study&name=double-well&knobs=noise=2,runs=5&points=1,2',
    );
    expect(address('quiz:4')).toBe('quiz.html#quiz=1;chapter=4');
    expect(address('teach.html#builder')).toBe('teach.html#builder');
    expect(href('https://arxiv.org/abs/1502.03167')).toBe('https://arxiv.org/abs/1502.03167');
  });

  it.each(['', 'C', '9', '3#', 'quiz:9', 'video:1', 'javascript:alert(1)', 'http://example.org'])(
    'is not “%s”',
    (text) => {
      expect(() => parseTarget(text)).toThrow('is no target of a link');
    },
  );
});
