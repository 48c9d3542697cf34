/** The kernels of kernels.hpp in WebAssembly. Usage: node kernels.mjs <kernels.wasm> */
import { readFileSync } from 'node:fs';
import { serve } from '../contestant.mjs';

const imports = { env: { emscripten_notify_memory_growth() {} }, wasi_snapshot_preview1: { proc_exit() {} } };
const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), imports);
const kernels = instance.exports;
kernels._initialize();

await serve({ name: 'this engine, kernels in wasm' }, (workload) => {
  if (workload === 'peak') {
    return {
      steps: kernels.peak_run,
      loss: () => kernels.peak_run(1),
      free() {},
      scale: kernels.peak_flops() / 1e9,
    };
  }
  const [, ...size] = /^gemm-(\d+)x(\d+)x(\d+)$/.exec(workload);
  const flops = kernels.gemm_prepare(...size.map(Number));
  return { steps: kernels.gemm_run, loss: () => kernels.gemm_run(1), free() {}, scale: flops / 1e9 };
});
