import { runPackage } from './process.mjs';

/**
 * Builds what a Vite configuration describes, silently; resolves to an exit code. What is built is what is shipped, also where the
 * environment is a developer's or a test's.
 */
export function viteBuild(config = 'vite.config.ts') {
  return runPackage('vite', ['build', '--logLevel', 'warn', '--config', config], {
    env: { NODE_ENV: 'production' },
  });
}
