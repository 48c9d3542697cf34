import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { readHash } from '../../web/protocol/hash.ts';
import { decodeWorkedExample, defaultWorkedExample } from '../../web/protocol/worked-example.ts';
import { CANARY, hostileText } from '../fuzz/hostile-text.ts';
import { inputsOf, sayPace } from '../fuzz/inputs.ts';
import { useSite } from './browser.ts';

/**
 * A sample of hostile links and attributes, shown by the real pages: nothing in them is executed or becomes an element. Every test
 * also fails on a violation of the content security policy, which Chromium reports as an error.
 */
// Chromium else refuses more than 200 changes of an address in ten seconds.
const site = useSite('dist', ['--disable-ipc-flooding-protection']);

const PLACES = 5;
const SHARE = inputsOf('shown in a page') / PLACES;
const start = performance.now();
afterAll(() => {
  if (process.env['BNLAB_FULL']) sayPace('shown in a page', SHARE * PLACES, performance.now() - start);
});

const texts = (right: readonly string[], words: readonly string[]): string[] =>
  fc.sample(hostileText(right, words), SHARE);

/** What the canary noticed, and what the page showed after each text. */
interface Seen {
  calls: number;
  elements: string[];
  shown: unknown[];
}

/** Hands the page the texts one by one, each painted before the next. */
function show(
  page: Page,
  how: 'hash' | 'attribute',
  options: {
    prefix?: string;
    element?: string;
    attribute?: string;
    look?: string;
    inputs: readonly string[];
  },
): Promise<Seen> {
  return page.evaluate(
    async ({ how, canary, prefix = '', element = '', attribute = '', look = '', inputs }) => {
      const seen: { calls: number; elements: string[]; shown: unknown[] } = {
        calls: 0,
        elements: [],
        shown: [],
      };
      Object.assign(globalThis, { [canary]: () => seen.calls++ });
      const suspicious = `${canary}-x, img[src="x"], svg[onload], [onerror], [onfocus], iframe[srcdoc], script:not([src])`;
      const search = (root: Document | ShadowRoot): void => {
        for (const found of root.querySelectorAll(suspicious))
          seen.elements.push(found.outerHTML.slice(0, 200));
        for (const one of root.querySelectorAll('*')) if (one.shadowRoot) search(one.shadowRoot);
      };
      for (const input of inputs) {
        if (how === 'attribute') document.querySelector(element)?.setAttribute(attribute, input);
        else {
          const before = location.href;
          const changed = new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }));
          location.hash = prefix + input;
          if (location.href !== before) await changed;
        }
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        search(document);
        if (look !== '') {
          const figure = document.querySelector(element) as unknown as Record<string, unknown>;
          seen.shown.push([location.hash, figure[look]]);
        }
      }
      return seen;
    },
    { how, canary: CANARY, ...options },
  );
}

const NOTHING = { calls: 0, elements: [] };

describe('hostile links, shown', () => {
  it('the worked example reads them or says why not, and then keeps the last numbers it had', async () => {
    const page = await site.open('a-batch-normalised.html');
    await page.locator('bn-worked-example .panel .steps li').first().waitFor();
    const right = ['1;x=2,4,6,8;gamma=2;beta=0.5', '1;x=1,2/3,4/5,6;gamma=1,2;beta=0,0', '1;x=1,2,3'];
    const seen = await show(page, 'hash', {
      prefix: 'we=',
      element: 'bn-worked-example',
      look: 'state',
      inputs: texts(right, ['1;', 'x=', 'gamma=', ';', ',', '2']),
    });
    expect(seen).toMatchObject(NOTHING);
    const initial = seen.shown.length > 0 ? decodeWorkedExample('1;dy=1,0,0,0').value! : defaultWorkedExample;
    let expected = initial;
    for (const [hash, state] of seen.shown as [string, unknown][]) {
      const text = readHash(hash, 'we');
      expected = (text === undefined ? initial : decodeWorkedExample(text).value) ?? expected;
      expect({ hash, state }).toEqual({ hash, state: expected });
    }
  });

  it('the Lab', async () => {
    const page = await site.open('lab.html');
    await page.locator('bn-lab-run-bar button.run:enabled').waitFor();
    const inputs = texts(
      ['1;data=moons;b.norm=none', '1;lr=0.5;hidden=8,8'],
      ['1;', 'data=', 'file=', ';', 'b.'],
    );
    expect(await show(page, 'hash', { prefix: 'lab=', inputs })).toMatchObject(NOTHING);
  });

  it('the claims', async () => {
    const page = await site.open('claims.html');
    await page.locator('bn-claim').first().waitFor();
    const inputs = texts(['claim=C7~seeds:20~E2:lr=0.5', 'C7'], ['claim=', 'C7', '~', 'seeds:', 'E2:']);
    expect(await show(page, 'hash', { inputs })).toMatchObject(NOTHING);
  });

  it('embed.html', async () => {
    const page = await site.open('embed.html#figure=weight-scale');
    await page.locator('bn-weight-scale').waitFor();
    const right = ['v=1&figure=study&name=double-well', 'figure=worked-example&x=2,4&theme=dark'];
    const inputs = texts(right, ['figure=', 'weight-chain', '&', 'name=', 'knobs=', 'theme=', 'id=']);
    expect(await show(page, 'hash', { inputs })).toMatchObject(NOTHING);
  });
});

describe('hostile attributes, shown', () => {
  it('a study', async () => {
    const page = await site.open('one-some-or-all.html');
    const study = page.locator('bn-study[name="double-well"]');
    await study.scrollIntoViewIfNeeded();
    await study.getByRole('button', { name: /^Run/ }).waitFor();
    const inputs = texts(['noise=2', 'noise=2;points=1,2'], ['noise=', 'points=', ',', ';', '1']);
    const element = 'bn-study[metrics="escaped"]';
    const third = Math.ceil(inputs.length / 3);
    const of = (attribute: string, part: number) =>
      show(page, 'attribute', { element, attribute, inputs: inputs.slice(part * third, (part + 1) * third) });
    expect(await of('knobs', 0)).toMatchObject(NOTHING);
    expect(await of('checks', 1)).toMatchObject(NOTHING);
    expect(await of('name', 2)).toMatchObject(NOTHING);
  });
});
