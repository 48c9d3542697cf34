/** What the site consists of, as the build lists it; addresses are relative to the site's home. */
export interface SiteFiles {
  /** Changes whenever any file does. */
  readonly version: string;
  /** Under these addresses there is something else in every version: pages, and what they load by a fixed name. */
  readonly pages: readonly string[];
  /** Named after their content: what is there once is right for ever. */
  readonly assets: readonly string[];
}

/** Binaries come with SIMD and without; a browser only ever asks for one kind. */
export function neededHere(files: SiteFiles, simd: boolean): readonly string[] {
  const other = simd ? /-scalar-[^/]*\.wasm$/ : /-simd-[^/]*\.wasm$/;
  return [...files.pages, ...files.assets.filter((file) => !other.test(file))];
}

/**
 * Which of the site's files an address asks for, if any. Some hosts serve `lab.html` as `lab`, and every host a directory as its
 * `index.html`; an address may carry a question behind it that no file depends on.
 */
export function fileAt(files: SiteFiles, home: string, address: string): string | undefined {
  const { origin, pathname } = new URL(address);
  const base = new URL(home);
  if (origin !== base.origin || !pathname.startsWith(base.pathname)) return undefined;
  const rest = pathname.slice(base.pathname.length);
  const known = (file: string) => files.pages.includes(file) || files.assets.includes(file);
  return [rest, `${rest}index.html`, `${rest}.html`].find(known);
}
