import path from 'node:path';
import type { Plugin } from 'vite';

const web = path.join(import.meta.dirname, '../../web');

/** Puts modules in the place of others, both by their paths under web/: wherever the first is imported, the second is had. */
export function standIns(modules: Readonly<Record<string, string>>): Plugin {
  const places = new Map(
    Object.entries(modules).map(([there, instead]) => [path.join(web, there), path.join(web, instead)]),
  );
  const names = Object.keys(modules).map((file) => path.basename(file, '.ts'));
  return {
    name: 'bn-stand-ins',
    enforce: 'pre',
    resolveId: {
      filter: { id: new RegExp(`/(?:${names.join('|')})\\.ts$`) },
      async handler(source, importer, options) {
        const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
        return (resolved && places.get(resolved.id)) ?? resolved;
      },
    },
  };
}
