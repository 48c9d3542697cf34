import type { Plugin } from 'vite';

/** What indents the templates of elements and their styles is for those who read the source: a browser makes one blank of it. */
const TRIMMED = new Set(['html', 'svg', 'css']);

interface Node {
  readonly type: string;
  readonly tag: { readonly name?: string };
  readonly quasi: { readonly quasis: readonly { readonly start: number; readonly end: number }[] };
}

/** Leaves out the indentation of templates; every other text of the code stays as it is. */
export function trimTemplates(): Plugin {
  return {
    name: 'bn-trim-templates',
    enforce: 'pre',
    transform: {
      filter: { id: /\/web\/[^?]*\.ts$/, code: /\b(html|svg|css)`/ },
      handler(code) {
        const texts: { start: number; end: number }[] = [];
        walk(this.parse(code, { lang: 'ts' }), (node) => {
          if (node.type === 'TaggedTemplateExpression' && TRIMMED.has(node.tag.name ?? ''))
            texts.push(...node.quasi.quasis);
        });
        texts.sort((a, b) => b.start - a.start);
        for (const { start, end } of texts)
          code =
            code.slice(0, start) + code.slice(start, end).replaceAll(/\s*\n\s*/g, '\n') + code.slice(end);
        return { code, map: null };
      },
    },
  };
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if ('type' in value) visit(value as Node);
  for (const child of Object.values(value)) walk(child, visit);
}
