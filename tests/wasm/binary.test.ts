import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { EXPORTS } from '../../wasm/abi.ts';
import { countOpcodes, isSimd, SIMD_ARITHMETIC } from './opcodes.ts';
import { BINARIES, binaryBytes } from './support.ts';

/**
 * What may travel, compressed as a host does: the binary of a page's figures is part of its first load, the whole one
 * comes with the Lab, which needs all of it, and the studies' when a reader first runs one. The one file has one for all.
 */
const BUDGETS = { figures: 41_000, engine: 106_000, studies: 176_000, whole: 222_000 };
const CASES = [
  ...BINARIES.flatMap((binary) =>
    (['figures', 'engine', 'studies'] as const).map((name) => ({ binary, name })),
  ),
  { binary: 'simd', name: 'whole' } as const,
];

describe.each(CASES)('$name, $binary', ({ binary, name }) => {
  const bytes = binaryBytes(binary, name);
  const module = new WebAssembly.Module(bytes);

  test('is a small download', () => {
    expect(gzipSync(bytes, { level: 9 }).length).toBeLessThanOrEqual(BUDGETS[name]);
  });

  test('exports the interface of abi.ts, and no other function of the engine', async () => {
    const imports: WebAssembly.Imports = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module))
      (imports[from] ??= {})[name] = () => 0;
    const { exports } = await WebAssembly.instantiate(module, imports);
    const ours = Object.entries(exports).filter(([name]) => name in EXPORTS || name.includes('bnlab'));
    const found = ours.map(([name, item]) => [name, typeof item === 'function' ? item.length : 'memory']);
    expect(Object.fromEntries(found)).toEqual(EXPORTS);
  });

  test('names no directory of the machine it was built on', () => {
    const text = Buffer.from(bytes).toString('latin1');
    expect(text.match(/\/(home|root|tmp|usr|Users|build|src)\/[\w./-]*/)?.[0]).toBeUndefined();
  });
});

// Training is in float32: its product kernel, BN passes and activations are unrolled loops of these. A build that falls
// back to scalar code has none, and one whose loops are left to the compiler has far fewer. Float64, which explains and
// checks, is compiled for size.
const ENOUGH = { 'f32x4.mul': 200, 'f32x4.add': 200, 'f32x4.div': 20 };

describe.each(['engine', 'studies', 'whole'] as const)('%s, which trains, built with SIMD', (binary) => {
  const opcodes = countOpcodes(binaryBytes('simd', binary));

  test.each(Object.entries(ENOUGH))('has its share of %s', (name, enough) => {
    const opcode = [...SIMD_ARITHMETIC].find(([, known]) => known === name)![0];
    expect(opcodes.get(opcode) ?? 0).toBeGreaterThanOrEqual(enough);
  });
});

test.each(['figures', 'engine', 'studies'] as const)(
  '%s without SIMD has no such instruction at all',
  (binary) => {
    expect([...countOpcodes(binaryBytes('scalar', binary)).keys()].filter(isSimd)).toEqual([]);
  },
);

test.each(['engine', 'studies'] as const)('%s without SIMD has scalar arithmetic instead', (binary) => {
  const f32Mul = 0x94;
  expect(countOpcodes(binaryBytes('scalar', binary)).get(f32Mul)).toBeGreaterThan(50);
});

test('counting opcodes notices a binary it cannot follow', () => {
  const bytes = binaryBytes('scalar');
  expect(() => countOpcodes(bytes.subarray(0, bytes.length - 100))).not.toThrow(/unknown/);
  // One function, whose body is the byte 0x27: no such instruction.
  const strange = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 10, 5, 1, 3, 0, 0x27, 0x0b);
  expect(() => countOpcodes(strange)).toThrow(/unknown opcode 0x27/);
});
