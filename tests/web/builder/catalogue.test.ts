import { expect, it } from 'vitest';
import { FIGURES, firstChoice, found } from '../../../web/components/builder/catalogue.ts';
import { attributesOf } from '../../../web/protocol/embed-link.ts';
import { EMBED_FIGURES } from '../../../web/protocol/embed.ts';

it('every figure there is can be chosen, each with a line about it', () => {
  expect(FIGURES.map(({ figure }) => figure)).toEqual(Object.keys(EMBED_FIGURES));
  for (const { about } of FIGURES) expect(about).toMatch(/^[A-Z].{20,90}\.$/);
});

it('figures start with attributes they have', () => {
  for (const { figure, attributes } of FIGURES)
    for (const name of Object.keys(attributes)) expect(attributesOf(figure)).toContain(name);
});

it('is searched by words in any order and case', () => {
  expect(found(FIGURES, 'DEPTH gradients').map(({ figure }) => figure)).toEqual(['deep-network']);
  expect(found(FIGURES, '  ')).toEqual(FIGURES);
  expect(found(FIGURES, 'nothing has this')).toEqual([]);
  expect(firstChoice('study').attributes).toEqual({ name: 'double-well' });
});
