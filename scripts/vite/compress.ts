import { spawnSync } from 'node:child_process';
import { LITERAL_CONTEXT } from '../../web/onefile/lzma.ts';

/** LZMA without header, for web/onefile/lzma.ts: as small as xz can make it. */
export function compress(bytes: Uint8Array): Uint8Array {
  const filter = `preset=9e,lc=${LITERAL_CONTEXT},lp=0,pb=0,dict=16MiB`;
  const { status, stdout, stderr, error } = spawnSync(
    'xz',
    ['--compress', '--stdout', '--format=raw', `--lzma1=${filter}`],
    { input: bytes, maxBuffer: 2 * bytes.length + 1000 },
  );
  if (error || status !== 0) throw new Error(`xz could not pack: ${error?.message ?? String(stderr)}`);
  return stdout;
}
