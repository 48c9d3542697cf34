import type { BrowserContextOptions, Page } from 'playwright-core';
import { useHost } from './host.ts';

export interface HostPage {
  /** All of the body; `{lab}` stands for the site's address. */
  readonly body: string;
  readonly head?: string;
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Hosts {
  /** Where the site is, in another origin than the pages opened. */
  readonly lab: string;
  /** Opens a page of somebody else's that embeds figures. */
  open(page: HostPage, options?: BrowserContextOptions): Promise<Page>;
}

/** For the top of a test file: the host of host.ts, whose pages are told one by one, each as it is opened. */
export function useHosts(): Hosts {
  const host = useHost();
  let pages = 0;
  return {
    get lab() {
      return host.site;
    },
    open({ body, head = '', html = '', headers = {} }, options = {}) {
      const fill = (text: string) =>
        text.replaceAll('{lab}', host.site).replaceAll('{origin}', new URL(host.site).origin);
      const text = `<!doctype html><html lang="en" ${html}><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1"><title>A course page</title>${head}
        </head><body>${body}</body></html>`;
      const filled = Object.entries(headers).map(([name, value]) => [name, fill(value)]);
      const file = `${pages++}.html`;
      host.put(file, fill(text), Object.fromEntries(filled));
      return host.open(file, { viewport: { width: 1000, height: 800 }, ...options });
    },
  };
}
