import { expect, it } from 'vitest';
import { withoutRem } from '../../scripts/vite/rem.ts';

it('counts lengths by the variable, which is a rem where nobody sets it', () => {
  expect(withoutRem('margin: 0 -1.5rem; width: min(100%, 3rem)')).toBe(
    'margin: 0 calc(-1.5 * var(--rem, 1rem)); width: min(100%, calc(3 * var(--rem, 1rem)))',
  );
});

it('counts in em where no variable can be', () => {
  expect(withoutRem('@container (min-width: 30rem) and (max-width: 59.99rem) { a { gap: 1rem } }')).toBe(
    '@container (min-width: 32em) and (max-width: 63.989em) { a { gap: calc(1 * var(--rem, 1rem)) } }',
  );
});

it('leaves media queries, which go by the reader’s size, and what is no length', () => {
  for (const text of ['@media (min-width: 48rem) {', '--rem: 1px', 'x1rem', '#a1rem', '${n}rem', '1remote'])
    expect(withoutRem(text)).toBe(text);
});
