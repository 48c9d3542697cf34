import { describe, expect, it } from 'vitest';
import { fileAt, neededHere, type SiteFiles } from '../../web/offline/files.ts';

const FILES: SiteFiles = {
  version: '1',
  pages: ['index.html', 'lab.html', 'theme.js'],
  assets: ['assets/lab-Ab1.js', 'assets/engine-simd-Cd2.wasm', 'assets/engine-scalar-Ef3.wasm'],
};
const HOME = 'https://host.example/courses/';
const at = (address: string) => fileAt(FILES, HOME, new URL(address, HOME).href);

describe('which file an address asks for', () => {
  it('follows what hosts do with names', () => {
    expect(at('')).toBe('index.html');
    expect(at('index.html')).toBe('index.html');
    expect(at('lab.html?from=mail')).toBe('lab.html');
    expect(at('lab')).toBe('lab.html');
    expect(at('assets/lab-Ab1.js')).toBe('assets/lab-Ab1.js');
  });

  it.each([
    '/',
    '/lab.html',
    '/coursesX/lab.html',
    'https://other.example/courses/lab.html',
    'embed.html',
    'assets/lab-Old.js',
    'engine/engine.js',
    'sub/lab.html',
    '../lab.html',
    '__proto__',
    '%6cab.html',
  ])('%s is none of the site’s', (address) => {
    expect(at(address)).toBeUndefined();
  });
});

it('a browser keeps one kind of binary', () => {
  const shared = ['index.html', 'lab.html', 'theme.js', 'assets/lab-Ab1.js'];
  expect(neededHere(FILES, true)).toEqual([...shared, 'assets/engine-simd-Cd2.wasm']);
  expect(neededHere(FILES, false)).toEqual([...shared, 'assets/engine-scalar-Ef3.wasm']);
});
