import fs from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';
import { FRAME, START, writeInside } from '../../web/onefile/address.ts';
import { CHAPTERS, PLACES } from '../../web/pages/contents.ts';
import { EMBED_FIGURES, type EmbedFigure } from '../../web/protocol/embed.ts';
import { chrome } from './chrome.ts';
import { claims } from './claims.ts';
import { formulas } from './formulas.ts';
import { escapeHtml, unescapeHtml } from './html-text.ts';

const root = path.join(import.meta.dirname, '../..');
const directory = path.join(root, 'web/pages');
const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  version: string;
};

/** The id of every page's text. */
const MAIN = 'main';

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
    body: insideLinks(file === FRAME ? body : ownPage(body, file), file)
      .replaceAll(/<!--[^]*?-->/g, '')
      .replaceAll(/\s+/g, ' '),
    scripts: all(/<script type="module" src="([^"]+)"/g).filter((script) => !DONE_BY_VIEWS.test(script)),
    styles: all(/<link rel="stylesheet" href="([^"]+)"/g),
  };
}

function ownPage(body: string, file: string): string {
  return replaceOnce(file === START ? startOf(body) : body, /<footer class="footer">[^]*?<\/footer>/, FOOTER);
}

/** As the site's build makes it: navigation, claims and formulas in their places. */
function built(file: string): string {
  return [chrome(), claims(), formulas()].reduce(
    (html, { transformIndexHtml }) => transformIndexHtml.handler(html, { path: `/${file}` }),
    fs.readFileSync(path.join(directory, file), 'utf8'),
  );
}

/** Links to pages lead inside; a link to what is not in the file is text, and gone from a list of links. */
export function insideLinks(body: string, file: string): string {
  return body
    .replaceAll(
      /<a\b([^>]*?) href="(\.\/|#)([^"]*)"([^>]*)>([^]*?)<\/a>/g,
      (link, before, start, rest, after, text) => {
        const [, page = '', hash = ''] = /^([^#]*)(.*)$/s.exec(start === '#' ? `${file}#${rest}` : rest)!;
        const target = page || START;
        // To the text: views.ts knows it, and the address stays.
        if (start === '#' && rest === MAIN) return link;
        if (!FILES.includes(target)) return `<span>${text}</span>`;
        return `<a${before} href="${escapeHtml(writeInside(target, unescapeHtml(hash)))}"${after}>${text}</a>`;
      },
    )
    .replaceAll(/<li><span>[^<]*<\/span><\/li>/g, '');
}

/** The home page, with a list of all that is in the file in the place of its own, and without what it says of the site. */
function startOf(body: string): string {
  const item = (href: string, text: string) => `<li><a href="${href}">${text}</a></li>`;
  const places = PLACES.filter(({ file }) => FILES.includes(file));
  // An experiment needs a name, a claim its number: those are chosen on their pages.
  const figures = Object.entries<EmbedFigure>(EMBED_FIGURES).filter(
    ([name]) => name !== 'study' && name !== 'claim',
  );
  const contents = `<section aria-labelledby="inside">
      <h2 id="inside">What is in this file</h2>
      <div class="inside">
        <div><h3>Chapters</h3><ol>${CHAPTERS.map(({ file, title }) => item(`./${file}`, title)).join('')}</ol></div>
        <div><h3>Places</h3><ul>${places.map(({ file, title }) => item(`./${file}`, title)).join('')}</ul></div>
        <div><h3>Single figures</h3><ul>${figures.map(([name, { title }]) => item(`#v=1&amp;figure=${name}`, title)).join('')}</ul></div>
      </div>
      <p>
        This is one file with everything inside. It opens without a server and without a network, and can be put into a course as it
        is: in a frame, with one figure or with all of it, as the end of its address says, from # on.
      </p>
    </section>`;
  return [
    [/<section aria-labelledby="chapters">[^]*?<\/section>/, contents],
    [/<section class="two">[^]*?<\/section>/, ''],
    // In the file scripts unpack the text.
    [/, prints well, and can be\s+read with JavaScript off/, ' and prints well'],
  ].reduce((text, [pattern, instead]) => replaceOnce(text, pattern as RegExp, instead as string), body);
}

const FOOTER = `<footer class="footer">
    <div class="sheet">
      <p>BatchNorm Lab ${version}, in one file: batch normalization and mini-batch SGD, understood by running them. Every number in a figure is
      computed in your browser; nothing is sent anywhere, nothing is stored but your choice of theme, the experiments you keep, and
      what you predicted and answered.</p>
    </div>
  </footer>`;

/** A build that looks for what is no longer there ends here. */
function replaceOnce(text: string, pattern: RegExp, replacement: string): string {
  if (!pattern.test(text)) throw new Error(`The page has nothing like ${pattern.source}.`);
  return text.replace(pattern, () => replacement);
}
