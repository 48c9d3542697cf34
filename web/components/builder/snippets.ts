import { attributesOf, embedFigure, type EmbedLink, writeEmbedLink } from '../../protocol/embed-link.ts';
import { EVERY_FIGURE } from '../../protocol/embed.ts';
import { formatProperty, type Parsed, type Property } from '../../protocol/properties.ts';
import {
  decodeWorkedExample,
  type WorkedExample,
  workedExampleOf,
  workedExampleProperties,
} from '../../protocol/worked-example.ts';

/** All that a teacher has chosen; what can be taken away is a function of it. */
export interface Build {
  readonly link: EmbedLink;
  /** Where the site is: an address that ends with a slash. */
  readonly base: string;
  /** Of a frame, in pixels: always, or where it is not told how high the figure is. */
  readonly height: number;
  /** Whether the frame takes the height the figure tells. */
  readonly fitting: boolean;
  /** What a screen reader calls the frame. */
  readonly title: string;
}

export const ONE_FILE = 'batchnorm-lab.html';

/** So that the figure's link to the whole site opens, with all rights of a page of its own. */
const LINKS_OPEN = 'allow-popups allow-popups-to-escape-sandbox';
/** From another origin, code in several files is only fetched by a page that keeps its own origin. */
const SITE_SANDBOX = `allow-scripts allow-same-origin allow-downloads ${LINKS_OPEN}`;
const FILE_SANDBOX = `allow-scripts allow-downloads ${LINKS_OPEN}`;

/** The link without what is the same when it is left out, in the order of the figure's table. */
export function shortest({ figure, attributes, ...rest }: EmbedLink): EmbedLink {
  const usual = (name: string, value: string) =>
    Object.hasOwn(EVERY_FIGURE, name) && EVERY_FIGURE[name as keyof typeof EVERY_FIGURE][0] === value;
  const told = attributesOf(figure).flatMap((name) => {
    const value = attributes[name];
    return value === undefined || usual(name, value) ? [] : [[name, value] as const];
  });
  return { figure, attributes: Object.fromEntries(told), ...rest };
}

export function linkText({ link, base }: Build): string {
  return `${base}embed.html${writeEmbedLink(shortest(link))}`;
}

export function frameText(build: Build): string {
  return frame(build, linkText(build), SITE_SANDBOX) + (build.fitting ? `\n${FITTING}` : '');
}

/** The frame of a copy of the one file that lies beside the page. */
export function oneFileText(build: Build): string {
  const address = `${ONE_FILE}${writeEmbedLink(shortest(build.link))}`;
  return frame(build, address, FILE_SANDBOX) + (build.fitting ? `\n${FITTING}` : '');
}

export function elementText({ link, base }: Build): string {
  const { figure, attributes } = shortest(link);
  const { tag } = embedFigure(figure);
  const all = Object.entries({ ...attributes, ...stateAttributes(link) });
  const written = all.map(([name, value]) => (value === '' ? ` ${name}` : ` ${name}="${escaped(value)}"`));
  return `<script type="module" src="${escaped(base)}embed.js"></script>\n<${tag}${written.join('')}></${tag}>`;
}

/** What a figure keeps in its address, said by attributes as far as these can say it. */
function stateAttributes({ figure, state }: EmbedLink): Readonly<Record<string, string>> {
  if (state === undefined) return {};
  if (figure === 'lab') return { experiment: state };
  if (figure !== 'worked-example') return {};
  const { value } = decodeWorkedExample(state);
  return value ? batchAttributes(value) : {};
}

function batchAttributes(value: WorkedExample): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = { x: formatProperty(workedExampleProperties.x, value.x) };
  const plain: Parsed<WorkedExample> = workedExampleOf({ x: value.x });
  for (const name of ['gamma', 'beta', 'eps', 'dy', 'target'] as const) {
    const property: Property = workedExampleProperties[name];
    const text = formatProperty(property, value[name]);
    if (plain.value === undefined || text !== formatProperty(property, plain.value[name]))
      attributes[name] = text;
  }
  return attributes;
}

function frame({ height, title }: Build, address: string, sandbox: string): string {
  return [
    '<iframe',
    `  src="${escaped(address)}"`,
    `  title="${escaped(title)}"`,
    '  width="100%"',
    `  height="${height}"`,
    '  loading="lazy"',
    `  sandbox="${sandbox}"`,
    '  allow="fullscreen; clipboard-write"',
    '  style="border: 0"',
    '></iframe>',
  ].join('\n');
}

/** Course platforms that strip it leave the frame at its height. */
const FITTING = `<script>
  addEventListener('message', ({ data, source }) => {
    if (data?.source !== 'batchnorm-lab' || data.type !== 'resize' || !(data.height > 0)) return;
    for (const frame of document.querySelectorAll('iframe'))
      if (frame.contentWindow === source) frame.height = Math.min(data.height, 10000);
  });
</script>`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '"': '&quot;',
  '<': '&lt;',
  '>': '&gt;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&"<>]/g, (character) => ENTITIES[character]!);
}

/** Longer ones are no addresses people have. */
const MAX_ADDRESS = 500;

/** An address typed by a person: that of the site's folder, or of a page in it. */
export function readBase(text: string): Parsed<string> {
  const typed = text.trim();
  const shown = typed === '' ? 'nothing' : `“${typed.slice(0, 40)}”`;
  const problem = `Address: expected one such as https://school.example/batchnorm-lab/, got ${shown}.`;
  let url: URL;
  try {
    url = new URL(typed);
  } catch {
    return { problem };
  }
  if (!/^https?:$/.test(url.protocol) || url.hostname === '' || typed.length > MAX_ADDRESS)
    return { problem };
  if (url.username !== '' || url.password !== '')
    return {
      problem: 'Address: expected one without a name or a password in it; all readers would see them.',
    };
  const page = /\/[^/]*\.[^/]*$/.test(url.pathname);
  const path = page ? url.pathname.replace(/[^/]*$/, '') : url.pathname.replace(/\/?$/, '/');
  return { value: `${url.origin}${path}` };
}

/** Whether only this computer, or nobody, can open it. */
export function isPrivate(base: string): boolean {
  const { protocol, hostname } = new URL(base);
  return protocol === 'file:' || /^(localhost|127(\.\d+){3}|\[::1\]|.*\.local)$/.test(hostname);
}
