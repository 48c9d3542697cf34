import { EMBED_FIGURES, type EmbedFigureName } from '../protocol/embed.ts';
import { attributesOf, DEFAULT_FIGURE, isEmbedFigure } from '../protocol/embed-link.ts';
import type { Model } from './model.ts';

/** What a widget is asked to show. */
export interface Traits {
  readonly figure: EmbedFigureName;
  readonly attributes: Readonly<Record<string, string>>;
  /** Of figures that keep one; as in their links. */
  readonly state: string | undefined;
  /** What could not be read. */
  readonly problems: readonly string[];
}

const MAX_TEXT = 60_000;

/** Python's values as attributes: of traits that are missing the defaults, of those that cannot be a sentence. */
export function readTraits(model: Pick<Model, 'get'>): Traits {
  const problems: string[] = [];
  const named = model.get('figure') ?? DEFAULT_FIGURE;
  const known = typeof named === 'string' && isEmbedFigure(named);
  if (!known) {
    const all = Object.keys(EMBED_FIGURES).join(', ');
    problems.push(`figure: expected one of ${all}, got ${quote(named)}.`);
  }
  const figure = known ? named : DEFAULT_FIGURE;
  const attributes = readAttributes(figure, model.get('attributes') ?? {}, problems);
  const state = model.get('state') ?? '';
  if (typeof state !== 'string' || state.length > MAX_TEXT) {
    problems.push(`state: expected the text of a figure’s state, got ${quote(state)}.`);
    return { figure, attributes, state: undefined, problems };
  }
  return { figure, attributes, state: state === '' ? undefined : state, problems };
}

function readAttributes(
  figure: EmbedFigureName,
  given: unknown,
  problems: string[],
): Readonly<Record<string, string>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    problems.push(`attributes: expected a dictionary, got ${quote(given)}.`);
    return {};
  }
  const allowed = attributesOf(figure);
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const text = textOf(value);
    if (!allowed.includes(name)) {
      problems.push(`attributes: ${figure} has ${allowed.join(', ')}; ${quote(name)} is not one of them.`);
    } else if (text === undefined) {
      problems.push(`attributes: ${name}: expected a text, a number, True or False, got ${quote(value)}.`);
    } else if (text !== null) attributes[name] = text;
  }
  return attributes;
}

/** An attribute's text; null: not there, as HTML has it for False; undefined: what cannot be an attribute. */
function textOf(value: unknown): string | null | undefined {
  if (value === null || value === false) return null;
  if (value === true) return '';
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.length <= MAX_TEXT ? value : undefined;
}

function quote(value: unknown): string {
  const text = typeof value === 'string' ? value : `${JSON.stringify(value) ?? typeof value}`;
  return `“${text.length > 24 ? `${text.slice(0, 24)}…` : text}”`;
}
