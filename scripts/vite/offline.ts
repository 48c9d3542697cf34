import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { build, type Plugin } from 'vite';
import type { SiteFiles } from '../../web/offline/files.ts';

/** A page for other people's pages: it is not part of the site one reads, and keeps nothing. */
const EMBED = 'embed.html';

/**
 * Has every page of the site register dist/service-worker.js, and writes that file last, when it is known what there is to
 * keep: every page, what lies beside them under a fixed name, and all assets.
 */
export function offline(): Plugin {
  let publicFiles: readonly string[] = [];
  let publicDir = '';
  return {
    name: 'bn-offline',
    apply: 'build',
    configResolved(config) {
      publicDir = config.publicDir;
      publicFiles = fs.readdirSync(publicDir);
    },
    transformIndexHtml: {
      order: 'pre',
      handler: (html, { path: page }) =>
        page.endsWith(`/${EMBED}`)
          ? html
          : html.replace('</head>', `<script type="module" src="../offline/register.ts"></script></head>`),
    },
    generateBundle: {
      order: 'post',
      async handler(_, bundle) {
        const built = Object.keys(bundle).sort();
        const pages = [...built.filter((file) => file.endsWith('.html') && file !== EMBED), ...publicFiles];
        const assets = built.filter((file) => file.startsWith('assets/'));
        const hash = crypto.createHash('sha256').update(JSON.stringify(assets));
        for (const page of pages) {
          const output = bundle[page];
          hash.update(output?.type === 'asset' ? output.source : fs.readFileSync(path.join(publicDir, page)));
        }
        const files: SiteFiles = { version: hash.digest('hex').slice(0, 16), pages, assets };
        this.emitFile({ type: 'asset', fileName: 'service-worker.js', source: await compile(files) });
      },
    },
  };
}

/** One classic script: not every browser takes modules as service workers. */
async function compile(files: SiteFiles): Promise<string> {
  const result = await build({
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    define: { SITE_FILES: JSON.stringify(files) },
    build: {
      write: false,
      target: 'es2022',
      lib: {
        entry: path.join(import.meta.dirname, '../../web/offline/service-worker.ts'),
        formats: ['iife'],
        name: 'batchnormLab',
      },
    },
  });
  const outputs = [result].flat().flatMap((one) => ('output' in one ? one.output : []));
  const [script] = outputs.filter((output) => output.type === 'chunk');
  if (!script) throw new Error('The service worker came out empty.');
  return script.code;
}
