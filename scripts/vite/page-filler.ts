import type { Plugin } from 'vite';

/** What a page's source leaves to the site's build is put in: `handler` has the page as text, and the address it will have. */
export interface PageFiller extends Plugin {
  readonly transformIndexHtml: {
    readonly order: 'pre';
    readonly handler: (html: string, page: { readonly path: string }) => string;
  };
}

/** Before Vite reads the page, so that what is put in may link and import as the page itself does. */
export function pageFiller(name: string, fill: (html: string, path: string) => string): PageFiller {
  return {
    name,
    transformIndexHtml: {
      order: 'pre',
      handler: (html, { path }) => fill(html, path),
    },
  };
}
