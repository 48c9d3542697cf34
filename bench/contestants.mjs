/** Who takes part: how each is started, and which workloads it does. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { root, which } from '../scripts/lib/process.mjs';

const node = (script, ...args) => ({
  command: [process.execPath, path.join(root, 'bench', script), ...args],
});
const program = (...parts) => ({ command: [path.join(root, 'build', ...parts)] });

const TRAINING = ['toy', 'paper', 'glyphs'];
const KERNELS = ['peak', 'gemm-32x32x32', 'gemm-60x96x784', 'gemm-256x256x256'];

/** By id. `name` overrides what the process calls itself. */
export function contestants(cores) {
  return {
    'wasm-simd': { ...node('engine/wasm.mjs', 'simd'), workloads: [...TRAINING, 'toy-given', 'paper-given'] },
    'wasm-scalar': { ...node('engine/wasm.mjs', 'scalar'), workloads: TRAINING },
    kernels: {
      ...node('engine/kernels.mjs', path.join(root, 'build/wasm-bench/bench/kernels.wasm')),
      name: 'wasm SIMD',
      workloads: KERNELS,
    },
    native: {
      ...program('native-bench/bench/native_bench'),
      name: 'the same engine, native',
      workloads: [...TRAINING, ...KERNELS],
    },
    'native-march': {
      ...program('native-march/bench/native_bench'),
      name: 'the same engine, native -march=native',
      workloads: [...TRAINING, ...KERNELS],
    },
    page: {
      ...node('engine/page.mjs'),
      workloads: ['page-bare', 'page-lab', 'sweep-1', `sweep-${cores}`],
    },
    workers: { ...node('engine/workers.mjs'), workloads: ['toy-workers-1', `toy-workers-${cores}`] },
    'tfjs-wasm': { ...node('peers/tfjs.mjs', 'wasm', 'ops'), workloads: TRAINING },
    'tfjs-wasm-layers': { ...node('peers/tfjs.mjs', 'wasm', 'layers'), workloads: TRAINING },
    'tfjs-wasm-by-hand': { ...node('peers/tfjs.mjs', 'wasm', 'by-hand'), workloads: ['toy', 'paper'] },
    'tfjs-cpu': { ...node('peers/tfjs.mjs', 'cpu', 'ops'), workloads: TRAINING },
    convnetjs: { ...node('peers/convnetjs.mjs'), workloads: TRAINING },
    ...torch(),
  };
}

/**
 * PyTorch where some Python here has it. An OpenBLAS older than the processor leaves its AVX-512 unused: a second entry
 * then forces it, so that the peer is seen at its best.
 */
function torch() {
  const script = path.join(root, 'bench/peers/torch_bench.py');
  for (const python of [which('python3'), '/usr/bin/python3'].filter((file) => file && existsSync(file))) {
    const { status, stdout } = spawnSync(python, [script], { input: '', encoding: 'utf8' });
    if (status !== 0) continue;
    const entry = { command: [python, script], workloads: TRAINING };
    const { note } = JSON.parse(stdout);
    const unused = note.startsWith('OpenBLAS') && !/SkylakeX|Cooperlake|Sapphire/.test(note) && hasAvx512();
    return {
      torch: entry,
      ...(unused && { 'torch-avx512': { ...entry, env: { OPENBLAS_CORETYPE: 'SkylakeX' } } }),
    };
  }
  return {};
}

function hasAvx512() {
  return existsSync('/proc/cpuinfo') && /\bavx512f\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));
}

/** A running contestant: see contestant.mjs for what it is asked and answers. */
export class Contestant {
  #process;
  #lines;

  static async start(id, { command: [file, ...args], env, name, workloads }) {
    const contestant = new Contestant();
    contestant.id = id;
    contestant.workloads = workloads;
    contestant.#process = spawn(file, args, {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    contestant.#lines = createInterface({ input: contestant.#process.stdout })[Symbol.asyncIterator]();
    const about = await contestant.#answer();
    contestant.name = name ?? about.name;
    contestant.note = about.note;
    return contestant;
  }

  /** The rate of a workload, per second. Refuses one that did not learn: its steps would not be training steps. */
  async measure(workload, seconds) {
    this.#process.stdin.write(`${workload} ${seconds}\n`);
    const { rate, first_loss, last_loss } = await this.#answer();
    if (!Number.isFinite(rate)) throw new Error(`${this.id}: ${workload} ran at ${rate} steps per second`);
    if (TRAINING.includes(workload) && !(last_loss < 1.05 * first_loss)) {
      throw new Error(`${this.id}: ${workload} did not learn: loss ${first_loss}, then ${last_loss}`);
    }
    return rate;
  }

  stop() {
    this.#process.stdin.end();
  }

  async #answer() {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${this.id} ended; what it wrote is above`);
    const answer = JSON.parse(value);
    if (answer.error) throw new Error(`${this.id}: ${answer.error}`);
    return answer;
  }
}
