import { writeEmbedLink } from '../protocol/embed-link.ts';

/**
 * Where a link of the teaching material leads:
 *
 *     C7                            a claim on the board
 *     3, 3#valley                   a chapter, a place in it
 *     we:preset=humps;step=3        the worked example in this state
 *     lab:data=moons;lr=1           the Lab with this experiment
 *     study:double-well             an experiment by itself, fit for a projector
 *     study:double-well?noise=2     with these settings, as its `knobs` attribute takes them; `points=1,2` are its points
 *     quiz:3                        the questions of a chapter
 *     https://…                     elsewhere
 *     teach.html, worksheets.html#chapter-1   another page of the site
 */
export type Target =
  | { readonly kind: 'claim'; readonly id: `C${number}` }
  | { readonly kind: 'chapter'; readonly chapter: number; readonly place?: string }
  | { readonly kind: 'worked-example' | 'lab'; readonly state: string }
  | { readonly kind: 'study'; readonly name: string; readonly knobs: string; readonly points: string }
  | { readonly kind: 'quiz'; readonly chapter: number }
  | { readonly kind: 'page' | 'elsewhere'; readonly address: string };

/** Throws where it is none of these. */
export function parseTarget(text: string): Target {
  if (/^C\d+$/.test(text)) return { kind: 'claim', id: text as `C${number}` };
  const chapter = /^([1-8])(?:#([a-z-]+))?$/.exec(text);
  if (chapter) {
    const [, number, place] = chapter;
    return { kind: 'chapter', chapter: Number(number), ...(place !== undefined && { place }) };
  }
  if (/^(https:\/\/|[a-z-]+\.html)/.test(text))
    return { kind: text.startsWith('https:') ? 'elsewhere' : 'page', address: text };
  const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/.exec(text) ?? [];
  if (scheme === 'we') return { kind: 'worked-example', state: rest };
  if (scheme === 'lab') return { kind: 'lab', state: rest };
  if (scheme === 'quiz' && /^[1-8]$/.test(rest)) return { kind: 'quiz', chapter: Number(rest) };
  if (scheme === 'study') {
    const [name = '', settings = ''] = rest.split('?', 2);
    const parts = settings.split(';').filter(Boolean);
    return {
      kind: 'study',
      name,
      knobs: parts.filter((part) => !part.startsWith('points=')).join(),
      points: parts.find((part) => part.startsWith('points='))?.slice('points='.length) ?? '',
    };
  }
  throw new RangeError(`“${text}” is no target of a link.`);
}

/** The address, relative to the site's home; `fileOf` knows the chapters' pages. */
export function addressOf(target: Target, fileOf: (chapter: number) => string): string {
  switch (target.kind) {
    case 'claim':
      return `claims.html#${target.id}`;
    case 'chapter':
      return `${fileOf(target.chapter)}${target.place === undefined ? '' : `#${target.place}`}`;
    case 'worked-example':
      return `${fileOf(1)}#we=1${target.state && `;${target.state}`}`;
    case 'lab':
      return `lab.html#lab=1${target.state && `;${target.state}`}`;
    case 'study': {
      const { name, knobs, points } = target;
      const attributes = { name, ...(knobs && { knobs }), ...(points && { points }) };
      return `embed.html${writeEmbedLink({ figure: 'study', attributes })}`;
    }
    case 'quiz':
      return `quiz.html#quiz=1;chapter=${target.chapter}`;
    case 'page':
    case 'elsewhere':
      return target.address;
  }
}
