import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useSite } from './browser.ts';

const site = useSite();

/** As where cookies and site data are blocked: to look at the storage is an error already. */
async function withoutStorage(name: string): Promise<Page> {
  const page = await site.open('', { javaScriptEnabled: true });
  await page.context().addInitScript(() => {
    for (const storage of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
      Object.defineProperty(globalThis, storage, {
        get() {
          throw new DOMException('Access is denied for this document.', 'SecurityError');
        },
      });
  });
  await page.goto(new URL(name, site.address).href);
  expect(await page.evaluate(() => 'localStorage' in globalThis)).toBe(true);
  return page;
}

describe('where storage is blocked', () => {
  it('the theme holds for the page', async () => {
    const page = await withoutStorage('');
    await page.locator('bn-hero svg.lines').waitFor();
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('dark');
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe(
      'rgb(21, 24, 27)',
    );
  });

  it('the Lab trains', async () => {
    const page = await withoutStorage('lab.html');
    const lab = page.locator('bn-lab');
    await lab.getByRole('button', { name: /^Step/ }).click();
    const step = lab.locator('bn-lab-run-bar .status b');
    await expect.poll(() => step.innerText()).toBe('1');
  });

  it('a claim is run', async () => {
    const page = await withoutStorage('claims.html');
    const claim = page.locator('bn-claim[id="C65"]');
    await claim.getByRole('button', { name: 'Predict and run: C65' }).click();
    await claim.getByRole('radio', { name: /It depends/ }).check();
    await claim.getByRole('button', { name: 'Run', exact: true }).click();
    await claim.getByText(/^Here: depends/).waitFor();
    expect(await claim.locator('.head .badge').innerText()).toContain('depends');
  });

  it('the quiz judges and counts', async () => {
    const page = await withoutStorage('quiz.html#quiz=1;questions=bias;shuffle=off');
    const quiz = page.locator('bn-quiz');
    await quiz.locator('fieldset input').first().check();
    await quiz.getByRole('button', { name: 'Check', exact: true }).click();
    expect(await quiz.locator('.verdict').innerText()).not.toBe('');
  });
});
