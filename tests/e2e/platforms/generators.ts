import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Puts files into a directory of its own, runs a program there, and gives the file it made. */
async function generate(
  files: Readonly<Record<string, string>>,
  program: string,
  args: readonly string[],
  made: string,
): Promise<string> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'batchnorm-lab-platform-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
      fs.writeFileSync(path.join(directory, name), text);
    }
    await run(program, args, { cwd: directory });
    return fs.readFileSync(path.join(directory, made), 'utf8');
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}

const ICON = '<link rel="icon" href="data:,">';

/** What Hugo makes of a page's Markdown with a shortcode. */
export function hugo(shortcode: string, markdown: string): Promise<string> {
  const files = {
    'config.toml': "baseURL = 'http://127.0.0.1/'\nlanguageCode = 'en'\ntitle = 'Statistics'\n",
    'layouts/_default/single.html': `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title>${ICON}</head><body>{{ .Content }}</body></html>`,
    'layouts/shortcodes/batchnorm-lab.html': shortcode,
    'content/week-3.md': `---\ntitle: Week 3\n---\n\nSome text.\n\n${markdown}`,
  };
  return generate(files, 'hugo', ['--quiet'], 'public/week-3/index.html');
}

/** What Pandoc, on which Quarto rests, makes of a document with a raw block. */
export function pandoc(markdown: string): Promise<string> {
  const files = {
    'page.md': `---\ntitle: Week 3\nlang: en\n---\n\nSome text.\n\n${markdown}`,
    'head.html': ICON,
  };
  const args =
    '--standalone --include-in-header head.html --from markdown --to html5 --output page.html page.md';
  return generate(files, 'pandoc', args.split(' '), 'page.html');
}
