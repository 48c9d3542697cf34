import { embed } from '../components/embedding.ts';
import { isolate } from '../embed/isolate.ts';
import type { Model } from './model.ts';
import { View } from './view.ts';

interface Context {
  readonly model: Model;
  readonly el: HTMLElement;
}

declare global {
  // oxlint-disable-next-line no-var -- a global is declared so
  var batchNormLabWidget: ((context: Context) => () => void) | undefined;
}

let told = false;

function render({ model, el }: Context): () => void {
  if (!told) embed({ ...siteOf(model), isolate });
  told = true;
  const view = new View(model, el);
  return () => view.close();
}

/** Where links of figures lead: to what Python says or, where this module was not loaded as a text, the folder it lies in. */
function siteOf(model: Model): { site?: string } {
  const given = model.get('site');
  const site = typeof given === 'string' && given !== '' ? given : import.meta.url.replace(/[^/]*$/, '');
  return /^https?:\/\/[^/]/.test(site) && URL.canParse(site) ? { site } : {};
}

/**
 * dist/anywidget.js: the figures as a widget for notebooks and books, by the contract of anywidget's front-end modules. A notebook may
 * load a copy of this module for each widget, but an element can be registered only once in a page: so the copy that
 * is first shows the widgets of all.
 */
globalThis.batchNormLabWidget ??= render;

export default { render: globalThis.batchNormLabWidget };
