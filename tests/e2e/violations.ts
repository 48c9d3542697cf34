import axe from 'axe-core';
import type { Frame } from 'playwright-core';

/** WCAG 2.2 at level AA, and what is good beyond it. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What breaks a rule of accessibility in a page or in a frame alone, or in the part of it that a selector names. */
export async function violations(page: Pick<Frame, 'evaluate'>, within?: string): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(
    async ({ rules, part }) => {
      const checker = (globalThis as unknown as { axe: typeof axe }).axe;
      const options = { runOnly: rules, resultTypes: ['violations' as const] };
      return (await checker.run(part ?? document, options)).violations;
    },
    { rules: RULES, part: within },
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`),
  );
}
