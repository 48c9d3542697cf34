/**
 * This engine in WebAssembly, through loadEngine() of dist/engine: what anybody gets who imports it.
 * toy and paper: the engine has the examples, `model.train(n)`. toy-given and paper-given: `model.step(x, y)`.
 *
 * Usage: node wasm.mjs simd|scalar
 */
import { loadEngine } from '../../dist/engine/engine.js';
import { serve } from '../contestant.mjs';
import { NETS } from '../nets.mjs';
import { onGivenBatches, onOwnBatches } from './trainers.mjs';

const flavour = process.argv[2];
const engine = await loadEngine({ simd: flavour === 'simd' });
const { version, simd } = engine.call('version', {});
if (simd !== (flavour === 'simd')) throw new Error(`asked for ${flavour}, got a binary with simd ${simd}`);

await serve({ name: `BatchNorm Lab ${version} in wasm`, note: simd ? 'SIMD' : 'no SIMD' }, (workload) => {
  const [net, given] = workload.split('-');
  return given ? onGivenBatches(engine, NETS[net]) : onOwnBatches(engine, NETS[net]);
});
