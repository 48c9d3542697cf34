import { decompress } from './lzma.ts';
import './parts.ts';
import { fromText } from './text-code.ts';

/**
 * The only script that stands in the one file as it is: it unpacks the rest, which is one stream of all scripts and the engine, and
 * starts it. The unpacked script goes into the page as an element, whose hash the file's policy names.
 */
function unpack(): void {
  const data = document.querySelector<HTMLScriptElement>('#packed')!;
  const [packed, script, wasm] = ['packed', 'script', 'wasm'].map((name) => Number(data.dataset[name])) as [
    number,
    number,
    number,
  ];
  const all = decompress(fromText(data.textContent, packed), script + wasm);
  data.remove();
  globalThis.batchNormLabParts = { wasm: all.slice(script) };
  const element = document.createElement('script');
  element.type = 'module';
  element.textContent = new TextDecoder().decode(all.subarray(0, script));
  document.body.append(element);
}

function showTheme(): void {
  // As web/pages/public/theme.js does, before the first paint. Storage may be forbidden: then the system's theme holds.
  try {
    const theme = localStorage.getItem('theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;
  } catch {}
}

showTheme();
const status = document.querySelector('#unpacking')!;
status.textContent = 'Unpacking …';
// After a paint, so that the page says what it is doing.
requestAnimationFrame(() =>
  setTimeout(() => {
    try {
      unpack();
    } catch (error) {
      status.textContent = `This file cannot be unpacked: ${String(error)} It may have been changed on its way; download it again.`;
    }
  }),
);
