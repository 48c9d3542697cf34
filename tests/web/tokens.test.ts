import fs from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The palette of web/style/tokens.css, recomputed: contrast by WCAG 2.2, and the six colours as others see them. */
const css = fs.readFileSync('web/style/tokens.css', 'utf8').replace(/\/\*[^]*?\*\//g, '');

type Theme = Record<string, string>;
type Triple = readonly [number, number, number];

/** Of the ten classes of examples; the same in both themes. */
const classes = [...css.matchAll(/--class-(\d): (#[0-9a-f]{6});/g)].map(([, , value = '']) => value);

/** Machado, Oliveira, Fernandes 2009, severity 1, on linear RGB. */
const VISION: Record<string, readonly Triple[]> = {
  'all cones': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const light = colours(block(/:root \{([^}]*--surface:[^}]*)\}/));
const systemDark = colours(block(/:root:not\(\[data-theme='light'\]\) \{([^}]*)\}/));
const chosenDark = colours(block(/:root\[data-theme='dark'\] \{([^}]*)\}/));

const SURFACES = ['surface', 'surface-raised', 'surface-sunken'];
const MEANINGS = ['x', 'xhat', 'y', 'grad', 'training', 'inference'];
const STATES = ['good', 'bad'];
const SOFT = [...MEANINGS, ...STATES].map((name) => `${name}-soft`);

describe('the palette', () => {
  it('has the same colours in both dark themes, and in light', () => {
    expect(chosenDark).toEqual(systemDark);
    expect(Object.keys(light)).toEqual(Object.keys(systemDark));
  });

  describe.each([
    ['light', light],
    ['dark', systemDark],
  ])('%s', (_, theme) => {
    it.each(['text', 'text-muted'])('%s is readable on every surface and every tint', (name) => {
      expect(tooFaint(theme, name, [...SURFACES, ...SOFT], 4.5)).toEqual([]);
    });

    it.each([...MEANINGS, ...STATES])('%s is readable on every surface and its own tint', (name) => {
      expect(tooFaint(theme, name, [...SURFACES, `${name}-soft`], 4.5)).toEqual([]);
    });

    it('the accent carries text, and is text', () => {
      expect(tooFaint(theme, 'on-accent', ['accent'], 4.5)).toEqual([]);
      expect(tooFaint(theme, 'accent', SURFACES, 4.5)).toEqual([]);
    });

    it.each(['line', 'focus'])('%s is seen on every surface and every tint', (name) => {
      expect(tooFaint(theme, name, [...SURFACES, ...SOFT], 3)).toEqual([]);
    });

    it('the lines of the two modes are seen on every surface, and told apart', () => {
      expect(tooFaint(theme, 'training-line', SURFACES, 3)).toEqual([]);
      for (const vision of Object.keys(VISION)) {
        const [one, other] = [
          seen(colour(theme, 'training-line'), vision),
          seen(colour(theme, 'inference'), vision),
        ];
        expect(distance(one, other)).toBeGreaterThan(20);
      }
    });

    it.each(Object.keys(VISION))('the six meanings differ for %s', (vision) => {
      const pairs = MEANINGS.flatMap((one, i) => MEANINGS.slice(i + 1).map((other) => [one, other] as const));
      const alike = pairs.filter(
        ([one, other]) =>
          distance(seen(colour(theme, one), vision), seen(colour(theme, other), vision)) < 7.5,
      );
      expect(alike).toEqual([]);
    });
  });
});

describe('the colours of the classes', () => {
  const apart = (one: string, other: string, vision: string) =>
    distance(seen(one, vision), seen(other, vision));

  it('are ten', () => {
    expect(classes).toHaveLength(10);
  });

  it.each(
    Object.keys(VISION).flatMap((vision) =>
      [
        [2, 30],
        [4, 15],
        [10, 10],
      ].map(([count = 0, least = 0]) => [vision, count, least] as const),
    ),
  )('for %s the first %i differ by %i', (vision, count, least) => {
    const pairs = classes
      .slice(0, count)
      .flatMap((one, i) => classes.slice(i + 1, count).map((other) => [one, other] as const));
    expect(pairs.filter(([one, other]) => apart(one, other, vision) < least)).toEqual([]);
  });

  it.each(Object.keys(VISION))('for %s none is taken for a meaning or a state', (vision) => {
    const taken = [light, systemDark].flatMap((theme) =>
      [...MEANINGS, ...STATES].map((name) => colour(theme, name)),
    );
    expect(classes.filter((one) => taken.some((other) => apart(one, other, vision) < 4))).toEqual([]);
  });
});

it('the address bar of a phone has the colour of the page', () => {
  const chrome = fs.readFileSync('scripts/vite/chrome.ts', 'utf8');
  const said = [...chrome.matchAll(/name="theme-color" content="([^"]*)"/g)].map(([, value]) => value);
  expect(said).toEqual([light['surface'], systemDark['surface']]);
});

function block(pattern: RegExp): string {
  const found = pattern.exec(css)?.[1];
  if (!found) throw new Error(`tokens.css has no block ${pattern.source}`);
  return found;
}

function colours(text: string): Theme {
  return Object.fromEntries(
    [...text.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

function colour(theme: Theme, name: string): string {
  const value = theme[name];
  if (!value) throw new Error(`--${name} is missing`);
  return value;
}

function linear(hex: string): Triple {
  const channel = (at: number) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function times(matrix: readonly Triple[], [r, g, b]: Triple): Triple {
  return matrix.map(([p, q, s]) => p * r + q * g + s * b) as unknown as Triple;
}

/** Where `name` falls short, and by how much. */
function tooFaint(theme: Theme, name: string, surfaces: readonly string[], least: number): string[] {
  return surfaces
    .filter((under) => contrast(theme, name, under) < least)
    .map((under) => `on --${under}: ${contrast(theme, name, under).toFixed(2)}`);
}

function contrast(theme: Theme, over: string, under: string): number {
  const luminance = (name: string) => {
    const [r, g, b] = linear(colour(theme, name));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [dark = 0, bright = 0] = [luminance(over), luminance(under)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

function seen(hex: string, vision: string): Triple {
  const [r, g, b] = times(VISION[vision] as readonly Triple[], linear(hex));
  const clamp = (c: number) => Math.min(1, Math.max(0, c));
  return [clamp(r), clamp(g), clamp(b)];
}

/** In Oklab, in hundredths: about 2 is a just noticeable difference. */
function distance(one: Triple, other: Triple): number {
  const a = oklab(one);
  const b = oklab(other);
  return 100 * Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function oklab(rgb: Triple): Triple {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  );
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones.map(Math.cbrt) as unknown as Triple,
  );
}
