import fs from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';
import { START, writeInside } from '../../web/onefile/address.ts';
import { CHAPTERS, PLACES } from '../../web/pages/contents.ts';
import { EMBED_FIGURES, type EmbedFigure } from '../../web/protocol/embed.ts';
import { chrome } from './chrome.ts';
import { claims } from './claims.ts';
import { formulas } from './formulas.ts';

const directory = path.join(import.meta.dirname, '../../web/pages');

/** Around one figure, and no page of its own. */
const FRAME = 'embed.html';

/** The page for teachers, and what belongs to it, is about the site on a host. */
const FILES = [START, ...CHAPTERS, ...PLACES.filter(({ file }) => file !== 'teach.html')].map((page) =>
  typeof page === 'string' ? page : page.file,
);

/** Not run as they are: views.ts does it for each page that is shown. */
const DONE_BY_VIEWS = /^\.\/(near|site)\.ts$/;

/** A page as the site has it, as far as the one file needs it. */
interface Page {
  readonly title: string;
  readonly body: string;
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
}

/** Pages by file; every link that leads to another of them leads there inside the one file. */
export function onePages(): Record<string, Page> {
  return Object.fromEntries(FILES.map((file) => [file, pageOf(file)]));
}

/** Lets web/onefile/main.ts say `import { PAGES } from '@onefile/pages'`. */
export function onePagesModule(): Plugin {
  return {
    name: 'bn-one-file-pages',
    resolveId: (id) => (id === '@onefile/pages' ? `\0${id}` : undefined),
    load(id) {
      if (id !== '\0@onefile/pages') return undefined;
      return moduleOf(onePages(), pageOf(FRAME));
    },
  };
}

function moduleOf(pages: Record<string, Page>, frame: Page): string {
  const inside = (file: string) => JSON.stringify(path.join(directory, file));
  const styles = [...new Set(Object.values(pages).flatMap(({ styles }) => styles))];
  const entries = Object.entries(pages).map(([file, { title, body, scripts }]) => {
    const imports = scripts.map((script) => `import(${inside(script)})`);
    return `${JSON.stringify(file)}: { title: ${JSON.stringify(title)}, body: ${JSON.stringify(body)}, load: () => Promise.all([${imports.join()}]) }`;
  });
  return `${styles.map((file, i) => `import style${i} from ${inside(`${file}?inline`)};`).join('\n')}
    export const STYLES = ${styles.map((_, i) => `style${i}`).join(' + ')};
    export const FRAME_BODY = ${JSON.stringify(frame.body)};
    export const PAGES = { ${entries.join(',\n')} };`;
}

function pageOf(file: string): Page {
  const html = built(file);
  const body = /<body[^>]*>([^]*)<\/body>/.exec(html)![1]!;
  const all = (pattern: RegExp) => [...html.matchAll(pattern)].map(([, address]) => address!);
  return {
    title: unescapeHtml(/<title>([^<]*)<\/title>/.exec(html)![1]!),
    body: insideLinks(file === START ? withContents(body) : body, file)
      .replaceAll(/<!--[^]*?-->/g, '')
      .replaceAll(/\s+/g, ' '),
    scripts: all(/<script type="module" src="([^"]+)"/g).filter((script) => !DONE_BY_VIEWS.test(script)),
    styles: all(/<link rel="stylesheet" href="([^"]+)"/g),
  };
}

/** As the site's build makes it: navigation, claims and formulas in their places. */
function built(file: string): string {
  let html = fs.readFileSync(path.join(directory, file), 'utf8');
  for (const { transformIndexHtml } of [chrome(), claims(), formulas()]) {
    const { handler } = transformIndexHtml as unknown as {
      handler: (html: string, context: { path: string }) => string;
    };
    html = handler(html, { path: `/${file}` });
  }
  return html;
}

/** Links to pages lead inside; a link to what is not in the file is text, and gone from a list of links. */
export function insideLinks(body: string, file: string): string {
  return body
    .replaceAll(
      /<a\b([^>]*?) href="(\.\/|#)([^"]*)"([^>]*)>([^]*?)<\/a>/g,
      (link, before, start, rest, after, text) => {
        const [, page = '', hash = ''] = /^([^#]*)(.*)$/s.exec(start === '#' ? `${file}#${rest}` : rest)!;
        const target = page || START;
        if (target === file && file === FRAME) return link;
        if (!FILES.includes(target)) return `<span>${text}</span>`;
        return `<a${before} href="${escapeHtml(writeInside(target, unescapeHtml(hash)))}"${after}>${text}</a>`;
      },
    )
    .replaceAll(/<li><span>[^<]*<\/span><\/li>/g, '');
}

/** The home page, and what else there is: everything the file has, in a list. */
function withContents(body: string): string {
  const item = (href: string, text: string) => `<li><a href="${href}">${text}</a></li>`;
  const places = PLACES.filter(({ file }) => FILES.includes(file));
  // An experiment needs a name, a claim its number: those are chosen on their pages.
  const figures = Object.entries<EmbedFigure>(EMBED_FIGURES).filter(
    ([name]) => name !== 'study' && name !== 'claim',
  );
  return body.replace(
    '</main>',
    `<section aria-labelledby="inside">
      <h2 id="inside">What is in this file</h2>
      <div class="inside">
        <div><h3>Chapters</h3><ol>${CHAPTERS.map(({ file, title }) => item(`./${file}`, title)).join('')}</ol></div>
        <div><h3>Places</h3><ul>${places.map(({ file, title }) => item(`./${file}`, title)).join('')}</ul></div>
        <div><h3>Single figures</h3><ul>${figures.map(([name, { title }]) => item(`#v=1&amp;figure=${name}`, title)).join('')}</ul></div>
      </div>
      <p>
        This is one file with everything inside: it opens without a server and without a network, and can be put into a course as it
        is. An address inside it is what stands behind its #; each figure shows itself alone behind <code>#figure=…</code>.
      </p>
    </section></main>`,
  );
}

const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
const unescapeHtml = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
