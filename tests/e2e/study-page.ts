import type { Locator, Page } from 'playwright-core';

/** Scrolls to a study, which loads it. */
export async function study(page: Page, name: string): Promise<Locator> {
  const found = page.locator(`bn-study[name="${name}"]`);
  await found.scrollIntoViewIfNeeded();
  await found.getByRole('button', { name: /^Run/ }).waitFor();
  return found;
}

/** Its run has ended, and what came out is said. */
export const finished = (found: Locator): Promise<void> =>
  found.getByRole('heading', { name: 'What came out' }).waitFor({ timeout: 60_000 });

/** The verdicts, as they are read: “Holds” for each check that is shown. */
export const verdicts = (found: Locator): Promise<string[]> =>
  found.locator('bn-check-strip .decision').allInnerTexts();

/** How many marks its charts have; the strips of its checks have their own. */
export async function marks(found: Locator): Promise<number> {
  const paths = await found
    .locator('bn-study-results .dots')
    .evaluateAll((all) => all.map((path) => path.getAttribute('d') ?? ''));
  return paths.join('').split('M').length - 1;
}

/** With so many seeds instead of its own. */
export async function withSeeds(found: Locator, seeds: number): Promise<void> {
  await found.getByText('Settings', { exact: true }).click();
  const field = found.getByRole('spinbutton', { name: 'Seeds' });
  await field.fill(String(seeds));
  await field.press('Enter');
}
