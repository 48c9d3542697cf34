import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findFirefox, findMiniBrowser, findWebKitDriver } from '../../scripts/lib/browser.mjs';
import type { DrivenBrowser } from './browser.ts';
import { KEYS } from './browser.ts';
import { startFirefox } from './firefox.ts';
import { type ProbedSite, serveProbed } from './site.ts';
import { Visitor } from './visitor.ts';
import { startWebKit } from './webkit.ts';

/**
 * What a reader mainly does, in browsers that are not Chromium. The details are tested there (tests/e2e); here it is whether it works
 * at all. Slow, and it needs both browsers: only in `npm run test:full`.
 */
const BROWSERS = [
  { name: 'Firefox', start: () => startFirefox(found(findFirefox())) },
  // Elsewhere than on Linux there is no WebKitGTK.
  ...(process.platform === 'linux'
    ? [{ name: 'WebKit', start: () => startWebKit(found(findWebKitDriver()), found(findMiniBrowser())) }]
    : []),
];

function found(program: string | undefined): string {
  if (!program) throw new Error('The browser is not here; node scripts/setup.mjs test:full installs it.');
  return program;
}

/** Where to put pictures of what was seen, for people to look at. */
const PICTURES = process.env['BNLAB_PICTURES'];

describe.runIf(process.env['BNLAB_FULL']).each(BROWSERS)('$name', ({ name, start }) => {
  let site: ProbedSite;
  let browser: DrivenBrowser;
  let visitor: Visitor;

  beforeAll(async () => {
    site = await serveProbed();
    browser = await start();
    visitor = new Visitor(browser, site.address);
  });

  afterEach(async ({ task }) => {
    if (PICTURES) {
      const file = `${name}-${task.name}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
      fs.writeFileSync(path.join(PICTURES, `${file}.png`), await browser.picture());
    }
    const problems = await visitor.problems();
    if (problems.length > 0) throw new Error(problems.join('\n'));
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it('opens the home page, whose figure computes and follows the keyboard', async () => {
    await visitor.open('');
    const mean = { css: '.values tr:has(th.x) td:nth-last-child(2)', within: 'bn-hero' };
    expect(await visitor.text(mean)).toBe('5.00');
    await visitor.focus({ css: '[role=slider][aria-label^="x 4"]', within: 'bn-hero' });
    await browser.press(KEYS.right, KEYS.right);
    await visitor.eventually(
      `probe.text('.values tr:has(th.x) td:nth-last-child(2)', undefined, 'bn-hero') > '5.00'`,
    );
  });

  it('walks through the worked example, takes a number, and keeps it in the address', async () => {
    const figure = 'bn-worked-example';
    await visitor.open('a-batch-normalised.html#we=1;step=5');
    const y = (i: number) => ({ css: `td[data-cell="y.${i}"]`, within: figure });
    expect(await visitor.text(y(0))).toBe('−2.1833');
    await visitor.click({ css: 'button', text: '^ *‹ Back', within: figure });
    await visitor.eventually(`!probe.find('td[data-cell="y.0"]', '2.1833', '${figure}')`);
    await visitor.click({ css: 'button', text: 'Next ›', within: figure });
    await visitor.type({ css: 'input[data-field="x.3.0"], input[data-field="x.3"]', within: figure }, '16');
    await visitor.eventually(`/x=2,4,6,16/.test(decodeURIComponent(location.hash))`);
    const mean = await visitor.text({ css: 'td[data-cell="mean"]', text: '7', within: figure });
    expect(mean).toMatch(/ 7$/);
  });

  it('shows formulas as formulas', async () => {
    await visitor.open('a-batch-normalised.html');
    const [fraction, text] = await browser.run<[number, number]>(`(() => {
      const heightOf = (element) => element.getBoundingClientRect().height;
      const mfrac = document.querySelector('main .formula mfrac');
      return [heightOf(mfrac), heightOf(mfrac.querySelector('mi, mn'))];
    })()`);
    // Numerator above denominator: higher than one line of it, which only a browser that lays MathML out makes it.
    expect(fraction).toBeGreaterThan(1.5 * text);
  });

  it('trains two networks in the Lab, pauses, steps and rewinds', async () => {
    await visitor.open('lab.html#lab=1;speed=100');
    const step = `Number(probe.text('.status b', undefined, 'bn-lab')?.replaceAll(/\\D/g, '') ?? 0)`;
    await visitor.click({ css: 'button.run', within: 'bn-lab' });
    await visitor.eventually(`${step} > 20`);
    await visitor.click({ css: 'button.run', text: 'Pause', within: 'bn-lab' });
    await visitor.eventually(`probe.find('button.run', 'Run', 'bn-lab') !== undefined`);
    const paused = await visitor.settled<number>(step);
    await visitor.click({ css: 'button', text: '^ *Step', within: 'bn-lab' });
    expect(await visitor.eventually<number>(`${step} > ${paused} && ${step}`)).toBe(paused + 1);
    await visitor.click({ css: 'button', text: 'Rewind', within: 'bn-lab' });
    expect(await visitor.eventually(`${step} === 0`)).toBe(true);
  });

  it('computes in a worker, with SIMD', async () => {
    const requests = await browser.run<string[]>(
      `performance.getEntriesByType('resource').map((one) => one.name)`,
    );
    expect(requests.filter((one) => one.endsWith('.wasm')).map((one) => /\w+-(\w+)-/.exec(one)?.[1])).toEqual(
      ['simd'],
    );
    expect(requests.some((one) => one.includes('/handler-'))).toBe(false);
  });

  it('runs an experiment of a chapter', async () => {
    await visitor.open('one-some-or-all.html');
    const study = 'bn-study[name="double-well"]';
    await visitor.check({ css: 'input[type=radio]', within: study });
    await visitor.click({ css: 'button', text: '^ *Run', within: study });
    expect(await visitor.text({ css: '.decision', within: study })).toMatch(/Holds|Fails|Unsettled/i);
  });

  it('runs a claim, which gets its badge', async () => {
    await visitor.open('claims.html');
    const claim = 'bn-claim[id="C65"]';
    await visitor.click({ css: 'button', text: 'Predict and run: C65', within: claim });
    await visitor.check({ css: 'input[type=radio]', within: claim });
    await visitor.click({ css: 'button', text: '^ *Run *$', within: claim });
    expect(await visitor.text({ css: 'p, div', text: '^ *Here: ', within: claim })).toContain(
      'Here: depends',
    );
    expect(await visitor.text({ css: '.head .badge', within: claim })).toContain('depends');
  });

  it('judges an answer of the quiz', async () => {
    await visitor.open('quiz.html#quiz=1;questions=bias;shuffle=off');
    await visitor.check({ css: 'fieldset input', within: 'bn-quiz' });
    await visitor.click({ css: 'button', text: '^ *Check', within: 'bn-quiz' });
    expect(await visitor.text({ css: '.verdict', within: 'bn-quiz' })).not.toBe('');
  });

  it('tells the page around an embed how high it is', async () => {
    await visitor.open('course.html');
    const heights = await visitor.eventually<number[]>('heights.length > 0 && heights');
    expect(heights.at(-1)).toBeGreaterThan(100);
  });

  it('keeps the theme that was chosen', async () => {
    await visitor.open('');
    await visitor.choose({ css: 'bn-theme-switch select, select' }, 'dark');
    const dark = `getComputedStyle(document.documentElement).backgroundColor === 'rgb(21, 24, 27)'`;
    await visitor.eventually(dark);
    await visitor.open('lab.html');
    expect(await visitor.eventually(dark)).toBe(true);
    await visitor.choose({ css: 'bn-theme-switch select' }, 'auto');
  });
});
