import { CHAPTERS, PLACES } from '../../web/pages/contents.ts';
import { pageFiller, type PageFiller } from './page-filler.ts';

/**
 * What every page has around its own text: the head's links, the masthead with the navigation, the footer. A page file
 * is a whole HTML document that holds only what is its own (title, description, text, scripts); the rest is put in
 * when the site is built, as plain HTML, so that it is there without JavaScript. Every link is relative: the site
 * works under any path.
 */
export function chrome(): PageFiller {
  return pageFiller('bn-chrome', (html, path) => {
    const file = path.replace(/^.*\//, '') || 'index.html';
    // A page for other people's frames has nothing of the site around it.
    if (file === 'embed.html') return html;
    const title = /<title>([^<]*)<\/title>/.exec(html)?.[1];
    const description = /<meta name="description" content="([^"]*)"/.exec(html)?.[1];
    if (!title || !description) throw new Error(`${file}: a page needs a <title> and a description`);
    return html
      .replace('<head>', `<head>${head(title, description)}`)
      .replace(/<body([^>]*)>/, `<body$1>${masthead(file)}`)
      .replace('</body>', `${FOOTER}</body>`);
  });
}

const head = (title: string, description: string): string => `
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta property="og:type" content="website">
    <meta property="og:title" content="${title}">
    <meta property="og:description" content="${description}">
    <meta name="theme-color" content="#fdfdfb" media="(prefers-color-scheme: light)">
    <meta name="theme-color" content="#15181b" media="(prefers-color-scheme: dark)">
    <link rel="icon" href="/favicon.svg" type="image/svg+xml">
    <script src="/theme.js"></script>
    <link rel="stylesheet" href="../style/base.css">
    <script type="module" src="./site.ts"></script>`;

/** The mark: two humps of one shape, the second centred on a line. */
const MARK = `<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.6">
            <path d="M2 20h20M12 20V3"/><path d="M4 20c4.5 0 4.5-13 8-13s3.5 13 8 13"/></svg>`;

/** “Chapter 2” to read and to hear; the stylesheet shows the word with the first alone, so that the row stays short. */
const chapterLabel = (number: number): string =>
  `<span><span class="chapter">Chapter </span>${number}</span>`;

function masthead(file: string): string {
  const current = (target: string) => (target === file ? ' aria-current="page"' : '');
  const href = (target: string) => (target === 'index.html' ? './' : `./${target}`);
  const entry = (target: string, label: string, parts: readonly string[] = []) =>
    `<li><a href="${href(target)}"${parts.includes(file) ? ' aria-current="true"' : current(target)}>${label}</a></li>`;
  return `
    <a class="skip" href="#main">Skip to the text</a>
    <header class="masthead">
      <div class="sheet">
        <a class="brand" href="./">${MARK}BatchNorm Lab</a>
        <nav aria-label="Site">
          <ul>
            ${entry('index.html', 'Home')}
            ${CHAPTERS.map(({ file: target, number }) => entry(target, chapterLabel(number))).join('')}
            ${PLACES.map(({ file: target, title, parts }) => entry(target, title, parts)).join('')}
          </ul>
        </nav>
        <bn-theme-switch></bn-theme-switch>
      </div>
    </header>
    <noscript>
      <p class="sheet note">JavaScript is off: the text is complete, the figures show fixed numbers and cannot be moved.</p>
    </noscript>`;
}

const FOOTER = `
    <footer class="footer">
      <div class="sheet">
        <p>BatchNorm Lab: batch normalization and mini-batch SGD, understood by running them. Every number in a figure is
        computed in your browser; nothing is sent anywhere, nothing is stored but your choice of theme,
        the experiments you keep, what you predicted and answered, and the site itself, so that it opens without a network.</p>
      </div>
    </footer>`;
