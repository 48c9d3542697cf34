import fs from 'node:fs';
import type { Frame, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { FILE, useOneFile } from './one-file-page.ts';
import { QuizPlayer } from './quiz-player.ts';
import { finished, verdicts } from './study-page.ts';
import { violations } from './violations.ts';

const file = useOneFile();

const heading = (page: Page) => page.locator('h1').innerText();

/** What each part of the file does, wherever it was opened, and what the engine says then. */
const computes = {
  async workedExample(place: Page | Frame): Promise<string> {
    const cell = place.locator('bn-worked-example td[data-cell="xhat.3"]').first();
    await cell.waitFor();
    return cell.innerText();
  },
  async lab(place: Page | Frame): Promise<string> {
    const lab = place.locator('bn-lab');
    await lab.locator('bn-lab-run-bar button.run:enabled').click();
    await lab.getByText('Stopped after step 40, as asked').waitFor({ state: 'attached' });
    const table = lab.locator('bn-lab-trace table').first();
    await expect.poll(() => table.innerText()).toContain('After step 40');
    return table.innerText();
  },
  async claim(place: Page | Frame): Promise<string> {
    const claim = place.locator('bn-claim[id="C65"]');
    await claim.getByRole('radio', { name: /It depends/ }).check();
    await claim.getByRole('button', { name: 'Run', exact: true }).click();
    return claim.getByText(/^Here: /).innerText({ timeout: 60_000 });
  },
  async study(place: Page | Frame): Promise<string> {
    const study = place.locator('bn-study');
    await study.getByRole('button', { name: /^Run/ }).click();
    await finished(study);
    return (await verdicts(study)).join();
  },
  async quiz(place: Page | Frame): Promise<string> {
    const quiz = new QuizPlayer(place);
    await quiz.ready();
    await quiz.answer(true);
    await quiz.answer(false);
    const { answered, questions } = await quiz.result();
    return `${answered}: ${questions.map(({ correct }) => (correct ? 'right' : 'wrong')).join()}`;
  },
};
const SAYS = {
  // (5 − 2) / √3: the mean is 2, the variance (1 + 1 + 1 + 9) / 4.
  workedExample: /1\.73/,
  lab: /A.*\d\.\d/s,
  claim: /^Here: depends/,
  study: /^Holds/,
  quiz: /^2: right,wrong/,
};

/** As pages of the site, and each by itself. */
const PAGES = {
  workedExample: '#page=a-batch-normalised&we=1;x=1,1,1,5;step=6',
  claim: '#page=claims&claim=C65',
};
const ALONE = {
  workedExample: '#v=1&figure=worked-example&we=1;x=1,1,1,5;step=6',
  lab: '#v=1&figure=lab&lab=1;stop_steps=40',
  claim: '#v=1&figure=claim&id=C65&open=',
  study: '#v=1&figure=study&name=variance-formulas',
  quiz: '#v=1&figure=quiz&chapter=2&seed=3',
};
const PARTS = Object.keys(computes) as (keyof typeof computes)[];

describe('the one file', () => {
  it('is at most 600 kB', () => {
    expect(fs.statSync(FILE).size).toBeLessThanOrEqual(600_000);
  });

  it('has a policy that allows its own two scripts, and no address to fetch anything from', () => {
    const text = fs.readFileSync(FILE, 'utf8');
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text)![1]!;
    const hash = "'sha256-[\\w+/]{43}='";
    expect(policy).toMatch(
      new RegExp(
        `^default-src 'none'; script-src ${hash} ${hash} 'wasm-unsafe-eval'; style-src ${hash}; ` +
          `img-src data:; worker-src blob:; base-uri 'none'; form-action 'none'$`,
      ),
    );
    const packed = /<script type="text\/plain"[^>]*>[^<]*<\/script>/.exec(text)![0];
    expect(text.replace(packed, '').match(/\b(src|href)="(?!data:)/g)).toBeNull();
    // However it is served: the mark in front is stronger than what a server says of the encoding.
    expect(text.startsWith('\uFEFF<!doctype html>')).toBe(true);
  });
});

describe('opened by a double click', () => {
  it('begins with a list of what is in it, and its entries lead there', async () => {
    const page = await file.open();
    const links = page.locator('.inside a');
    const entries = await links.evaluateAll((all) =>
      all.map((link) => [link.textContent!, link.getAttribute('href')!] as const),
    );
    expect(entries.length).toBeGreaterThan(20);
    for (const [text, href] of entries.filter(([, href]) => href.startsWith('#page='))) {
      await page.evaluate((hash) => void (location.hash = hash), href);
      await expect.poll(() => page.title()).toMatch(new RegExp(text.replace('?', '.'), 'i'));
      expect(await heading(page)).toMatch(new RegExp(text.replace('?', '.'), 'i'));
    }
    // One figure: the file starts anew, and has no more of the site than a line below it.
    const [title, href] = entries.at(-1)!;
    await page.goBack();
    await page.evaluate((hash) => void (location.hash = hash), href);
    await expect.poll(() => page.title()).toContain(title);
    await page.getByRole('link', { name: 'Open in full' }).waitFor();
    expect(await page.locator('nav').count()).toBe(0);
  });

  it.each(['workedExample', 'claim'] as const)('computes: %s, as a page', async (part) => {
    expect(await computes[part](await file.open(PAGES[part]))).toMatch(SAYS[part]);
  });

  it.each(PARTS)('computes: %s, by itself', async (part) => {
    expect(await computes[part](await file.open(ALONE[part]))).toMatch(SAYS[part]);
  });

  it('runs the figures of a chapter as they come near', async () => {
    const page = await file.open('#page=when-not-to');
    const study = page.locator('bn-study').first();
    await study.scrollIntoViewIfNeeded();
    await study.getByRole('button', { name: /^Run/ }).waitFor();
    expect(await page.locator('bn-study:defined').count()).toBeGreaterThan(1);
    expect(await page.locator('math').count()).toBeGreaterThan(20);
  });

  it('goes back and forward between pages, places and figures’ states', async () => {
    const page = await file.open();
    const home = await heading(page);
    await page.getByRole('navigation', { name: 'Site' }).getByRole('link', { name: 'Chapter 1' }).click();
    await expect.poll(() => heading(page)).toBe('A batch, normalised');
    expect(await page.evaluate(() => scrollY)).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('h1');
    expect(await page.locator('nav [aria-current="page"]').innerText()).toBe('Chapter 1');

    // A sentence's link sets the figure; a link to a place leaves it so.
    await page.locator('bn-worked-example .steps li').first().waitFor();
    await page.locator('a.to-figure').first().click();
    await expect.poll(() => page.url()).toContain('#page=a-batch-normalised&we=1');
    const state = /we=[^&]*/.exec(page.url())![0];
    const part = page.getByRole('navigation', { name: 'In this chapter' }).getByRole('link').nth(2);
    await part.click();
    await expect.poll(() => page.url()).toMatch(/&at=[\w-]+$/);
    expect(page.url()).toContain(state);

    await page.goBack();
    await page.goBack();
    await expect.poll(() => page.url().endsWith('#page=a-batch-normalised')).toBe(true);
    expect(await heading(page)).toBe('A batch, normalised');
    await page.goBack();
    await expect.poll(() => heading(page)).toBe(home);
    await page.goForward();
    await expect.poll(() => heading(page)).toBe('A batch, normalised');
  });

  it('leads from page to page by the links in the text', async () => {
    const page = await file.open('#page=deep-networks');
    await page.locator('main a[href^="#page=claims"]').first().click();
    await expect.poll(() => heading(page)).toBe('The claims');
    await page.getByText('Predict, then run.').first().waitFor();
    expect(await page.locator('a:not([href^="#"], [href^="https:"])').count()).toBe(0);
  });

  it('says what is wrong with an address, and shows its start', async () => {
    const page = await file.open('#page=<img src=x onerror=alert(1)>');
    expect(await page.getByRole('alert').innerText()).toMatch(/^There is no page “.*” in this file/);
    expect(await heading(page)).toMatch(/^Batch normalization/);
  });

  it('copies a link that leads back into the file', async () => {
    const page = await file.open('#page=claims&claim=C65', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.locator('bn-claim[id="C65"]').getByRole('button', { name: 'Copy link' }).click();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toBe(`${file.address}#page=claims&claim=C65`);
  });

  it('gives files to take away', async () => {
    const page = await file.open(ALONE.lab);
    const lab = page.locator('bn-lab');
    await lab.getByText('Share and keep').click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      lab
        .getByRole('button', { name: /^Download/ })
        .first()
        .click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.json$/);
    expect(fs.readFileSync(await download.path(), 'utf8')).toContain('"stop_steps": 40');
  });

  it('says so where scripts may not run', async () => {
    const page = await file.newPage({ javaScriptEnabled: false });
    await page.goto(file.address);
    expect(await page.locator('main').innerText()).toContain('This file needs JavaScript.');
  });

  it('says so where the browser has no SIMD, and the text stands', async () => {
    const page = await file.newPage();
    await page.addInitScript(() => (WebAssembly.validate = () => false));
    await page.goto(`${file.address}#page=gamma-and-beta`);
    const figure = page.locator('bn-weight-scale');
    await figure.scrollIntoViewIfNeeded();
    await figure.getByText('This browser is too old for the figures in this file').waitFor();
    expect(await heading(page)).toContain('handshake');
  });

  it('fits a phone, and violates no rule of accessibility', async () => {
    const page = await file.open('', { viewport: { width: 360, height: 740 } });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(await violations(page)).toEqual([]);
  });
});

describe('in a sandboxed frame of another page, where only scripts are allowed', () => {
  it.each(PARTS)('computes: %s', async (part) => {
    const { frame } = await file.inCourse(ALONE[part].slice(1));
    expect(await computes[part](frame)).toMatch(SAYS[part]);
  });

  it('has no origin and no storage, and goes from page to page all the same', async () => {
    const { frame } = await file.inCourse('page=lab');
    expect(await frame.evaluate(() => origin)).toBe('null');
    await frame.getByRole('link', { name: 'Chapter 3' }).click();
    await expect.poll(() => frame.locator('h1').innerText()).toBe('One, some or all');
    await frame.locator('main a[href*="&at="]').first().click();
    await expect.poll(() => frame.url()).toMatch(/#page=one-some-or-all&at=/);
    // Links out of the file would be shown in the frame.
    expect(await frame.locator('a[href^="http"]:not([target="_blank"])').count()).toBe(0);
  });

  it('tells the page around it how high a figure is', async () => {
    const { page } = await file.inCourse(ALONE.workedExample.slice(1));
    const heights = () =>
      page.evaluate(() =>
        (globalThis as unknown as { told?: { subject?: string; height?: number }[] }).told
          ?.filter(({ subject }) => subject === 'lti.frameResize')
          .map(({ height }) => height),
      );
    await expect.poll(async () => (await heights())?.at(-1)).toBeGreaterThan(300);
  });

  it('works as the text of a frame, which has no address at all', async () => {
    const page = await file.newPage({}, 'about:');
    await page.setContent(
      '<iframe title="A figure" width="900" height="700" sandbox="allow-scripts"></iframe>',
    );
    await page
      .locator('iframe')
      .evaluate((frame, text) => frame.setAttribute('srcdoc', text), fs.readFileSync(FILE, 'utf8'));
    const frame = page.frameLocator('iframe');
    await frame.getByRole('link', { name: 'Chapter 2' }).click();
    await expect.poll(() => frame.locator('h1').innerText()).toMatch(/handshake/);
    const figure = frame.locator('bn-weight-scale');
    await figure.scrollIntoViewIfNeeded();
    await figure.getByText('length of the weights').waitFor();
  });
});
