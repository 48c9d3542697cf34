import {
  EMBED_FIGURES,
  EMBED_VERSION,
  type EmbedFigure,
  type EmbedFigureName,
  EVERY_FIGURE,
} from './embed.ts';

/** What a link of embed.html asks for. */
export interface EmbedLink {
  readonly figure: EmbedFigureName;
  /** Of its element. */
  readonly attributes: Readonly<Record<string, string>>;
  /** What the figure itself wrote into the address, under the key of its table entry. */
  readonly state?: string;
}

/** What was read of a link, and sentences about what could not be. */
export interface ReadEmbedLink extends EmbedLink {
  readonly problems: readonly string[];
}

/** Shown where a link names no figure that is known. */
export const DEFAULT_FIGURE: EmbedFigureName = 'worked-example';

/** Longer addresses are not even looked at. */
const MAX_TEXT = 60_000;
const MAX_PAIRS = 40;

export function isEmbedFigure(name: string): name is EmbedFigureName {
  return Object.hasOwn(EMBED_FIGURES, name);
}

export function embedFigure(name: EmbedFigureName): EmbedFigure {
  return EMBED_FIGURES[name];
}

/** All attributes a link may give a figure. */
export function attributesOf(name: EmbedFigureName): readonly string[] {
  return [...embedFigure(name).attributes, ...Object.keys(EVERY_FIGURE)];
}

/** Reads the part of an address after #, which may hold anything; never throws. */
export function readEmbedLink(hash: string): ReadEmbedLink {
  const problems: string[] = [];
  const pairs = pairsOf(hash, problems);
  const version = pairs.get('v') ?? '1';
  const named = pairs.get('figure');
  pairs.delete('v');
  pairs.delete('figure');
  if (!/^[1-9]\d{0,5}$/.test(version)) {
    problems.push(`The version of this link, ${quote(version)}, is not a number; it is read as version 1.`);
  } else if (Number(version) > EMBED_VERSION) {
    problems.push(
      `This link is of version ${version}, newer than this copy of BatchNorm Lab, which knows version ${EMBED_VERSION}. What it understands is shown.`,
    );
  }
  let figure: EmbedFigureName = DEFAULT_FIGURE;
  if (named !== undefined && isEmbedFigure(named)) figure = named;
  else {
    const said = named === undefined ? 'This link names no figure' : `There is no figure ${quote(named)}`;
    problems.push(`${said}; there are ${Object.keys(EMBED_FIGURES).join(', ')}. Here is ${DEFAULT_FIGURE}.`);
    // What was meant for a figure that is not there says nothing about this one.
    for (const name of pairs.keys()) if (!Object.hasOwn(EVERY_FIGURE, name)) pairs.delete(name);
  }
  const { state: key } = embedFigure(figure);
  const known = attributesOf(figure);
  const attributes: Record<string, string> = {};
  let state: string | undefined;
  for (const [name, value] of pairs) {
    if (name === key) state = value;
    else if (known.includes(name)) attributes[name] = value;
    else problems.push(`${figure} has no setting ${quote(name)}; it has ${known.join(', ')}.`);
  }
  return { figure, attributes, ...(state !== undefined && { state }), problems: problems.slice(0, 5) };
}

/** The part of an address after #, with the #. */
export function writeEmbedLink({ figure, attributes, state }: EmbedLink): string {
  const { state: key } = embedFigure(figure);
  const pairs: [string, string][] = [
    ['v', String(EMBED_VERSION)],
    ['figure', figure],
    ...Object.entries(attributes),
  ];
  if (key !== undefined && state !== undefined) pairs.push([key, state]);
  return `#${pairs.map(([name, value]) => `${name}=${escapeValue(value)}`).join('&')}`;
}

function pairsOf(hash: string, problems: string[]): Map<string, string> {
  const pairs = new Map<string, string>();
  const text = hash.replace(/^#/, '');
  if (text.length > MAX_TEXT) {
    problems.push(`This link has ${text.length} characters, more than ${MAX_TEXT}; it was not read.`);
    return pairs;
  }
  const parts = text.split('&').filter((part) => part !== '');
  if (parts.length > MAX_PAIRS)
    problems.push(`This link has ${parts.length} settings; the first ${MAX_PAIRS} are read.`);
  for (const part of parts.slice(0, MAX_PAIRS)) {
    const at = part.indexOf('=');
    const name = at < 0 ? part : part.slice(0, at);
    if (pairs.has(name)) problems.push(`${quote(name)} is given twice; the first counts.`);
    else pairs.set(name, at < 0 ? '' : unescapeValue(part.slice(at + 1)));
  }
  return pairs;
}

const escapeValue = (value: string): string =>
  encodeURI(value.replaceAll(/\p{Cs}/gu, '�'))
    .replaceAll('&', '%26')
    .replaceAll('#', '%23');

/** Mail and chat programs escape what they pass on; a broken escape is left as it came. */
function unescapeValue(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** For a sentence: short, and nothing in it that changes how the rest is read. */
function quote(text: string): string {
  const plain = text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '�');
  return `“${plain.length > 40 ? `${plain.slice(0, 40)}…` : plain}”`;
}
