/** The pages of the site, as scripts/vite/one-file-pages.ts finds them. */
declare module '@onefile/pages' {
  export interface OneFilePage {
    readonly title: string;
    /** What is in its body; every link leads to another page of the file, or out of it. */
    readonly body: string;
    /** Runs the page's scripts, but for what loads figures when they come near. */
    load(): Promise<unknown>;
  }
  /** By file: `lab.html`. */
  export const PAGES: Readonly<Record<string, OneFilePage>>;
  /** What is in the body of embed.html, around one figure. */
  export const FRAME_BODY: string;
  /** Of all pages. */
  export const STYLES: string;
}
