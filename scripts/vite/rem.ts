import type { Plugin } from 'vite';

/**
 * Lengths in rem inside figures. In a page of other people's the root's font size is theirs (many have 62.5 %), so that a rem in a
 * figure's styles becomes `calc(… * var(--rem, 1rem))`: web/embed/isolate.ts sets the variable there, and nowhere else is it set.
 * Container queries cannot have variables; there it becomes em, of which every container of a figure has 15/16 of a rem.
 * Media queries go by the reader's own size already.
 */
export function rem(): Plugin {
  return {
    name: 'bn-rem',
    enforce: 'pre',
    transform(code, id) {
      if (!STYLED.test(id)) return undefined;
      return { code: withoutRem(code), map: null };
    },
  };
}

const STYLED = /\/web\/(components|style)\/.*\.ts$|\/controls\.css\?inline$/;
const EM = 16 / 15;

export function withoutRem(code: string): string {
  return code.replaceAll(
    /(@container|@media)[^{`]*\{|(?<![\w.#-])(-?(?:\d+\.)?\d+)rem\b/g,
    (found: string, query: string | undefined, count: string | undefined) => {
      if (count !== undefined) return `calc(${count} * var(--rem, 1rem))`;
      if (query === '@media') return found;
      return found.replaceAll(
        /((?:\d+\.)?\d+)rem\b/g,
        (_, n: string) => `${Number((Number(n) * EM).toFixed(3))}em`,
      );
    },
  );
}
