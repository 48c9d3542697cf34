import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { build, type Plugin } from 'vite';
import { toText } from '../../web/onefile/text-code.ts';
import { compress } from './compress.ts';
import { WHOLE_BINARY } from './engine.ts';

const root = path.join(import.meta.dirname, '../..');
const source = path.join(root, 'web/onefile');

/**
 * Makes the one file out of the bundle: a page that says what it is, a script that unpacks, and everything else packed. Nothing
 * is fetched from anywhere, and the policy in the file's head lets nothing be.
 */
export function oneFile(fileName: string): Plugin {
  return {
    name: 'bn-one-file',
    generateBundle: {
      // What Vite itself puts into the script is there by then.
      order: 'post',
      async handler(_, bundle) {
        const files = Object.values(bundle);
        const [script] = files;
        if (files.length !== 1 || script?.type !== 'chunk')
          throw new Error(`One script was expected, not ${files.map((file) => file.fileName).join(', ')}.`);
        delete bundle[script.fileName];
        this.emitFile({
          type: 'asset',
          fileName,
          source: page({
            script: script.code,
            wasm: fs.readFileSync(WHOLE_BINARY),
            unpack: await unpackScript(),
            template: fs.readFileSync(path.join(source, 'one-file.html'), 'utf8'),
            styles: fs.readFileSync(path.join(source, 'unpacking.css'), 'utf8'),
            icon: fs.readFileSync(path.join(root, 'web/pages/public/favicon.svg'), 'utf8'),
          }),
        });
      },
    },
  };
}

interface Ingredients {
  readonly script: string;
  readonly wasm: Uint8Array;
  readonly unpack: string;
  readonly template: string;
  readonly styles: string;
  readonly icon: string;
}

function page({ script, wasm, unpack, template, styles, icon }: Ingredients): string {
  const scriptBytes = Buffer.from(script);
  // The script first: what the studies say of themselves is then packed as a repetition of what the pages say.
  const packed = compress(Buffer.concat([scriptBytes, wasm]));
  const data = `<script type="text/plain" id="packed" data-packed="${packed.length}" data-script="${scriptBytes.length}" data-wasm="${wasm.length}">`;
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(unpack)} ${hashOf(script)} 'wasm-unsafe-eval'`,
    `style-src ${hashOf(styles)}`,
    'img-src data:',
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const parts: Record<string, string> = {
    policy,
    icon: encodeURIComponent(icon),
    styles: `<style>${styles}</style>`,
    packed: `${data}${toText(packed)}</script>`,
    unpack: `<script>${unpack}</script>`,
  };
  // A server that declares another encoding is overruled by the mark.
  return '\uFEFF' + template.replaceAll(/%(\w+)%/g, (_, name: string) => parts[name]!);
}

const hashOf = (text: string) => `'sha256-${crypto.createHash('sha256').update(text).digest('base64')}'`;

/** The one script that is not packed. */
async function unpackScript(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: { input: path.join(source, 'unpack.ts'), output: { format: 'iife' } },
    },
  });
  if (!('output' in built)) throw new Error('One bundle was expected.');
  const { output } = built;
  const code = output[0].code.trim();
  if (output.length !== 1 || /<\/script|<!--/i.test(code))
    throw new Error('What unpacks must be one script that can stand in a page.');
  return code;
}
