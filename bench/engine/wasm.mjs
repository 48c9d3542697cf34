/**
 * This engine in WebAssembly, through loadEngine() of dist/engine: what anybody gets who imports it.
 * toy trains on the experiment's own data; toy-given and paper on given batches.
 *
 * Usage: node wasm.mjs simd|scalar
 */
import { loadEngine } from '../../dist/engine/engine.js';
import { serve } from '../contestant.mjs';
import { NETS } from '../nets.mjs';
import { onGivenBatches, onOwnData } from './trainers.mjs';

const flavour = process.argv[2];
const engine = await loadEngine({ simd: flavour === 'simd' });
const { version, simd } = engine.call('version', {});
if (simd !== (flavour === 'simd')) throw new Error(`asked for ${flavour}, got a binary with simd ${simd}`);

await serve({ name: `BatchNorm Lab ${version} in wasm`, note: simd ? 'SIMD' : 'no SIMD' }, (workload) =>
  workload === 'toy'
    ? onOwnData(engine, NETS.toy)
    : onGivenBatches(engine, NETS[workload.replace('-given', '')]),
);
