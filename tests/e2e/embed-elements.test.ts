import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useHosts } from './host-page.ts';

const hosts = useHosts();
const SCRIPT = '<script type="module" src="{lab}embed.js"></script>';
/** Room between figures: more than what counts as near. */
const FAR = '<div style="height: 4000px"></div>';

/** A page as unlike the site as pages get: resets, another root size, everything important, dark, from right to left. */
const HOSTILE = `<style>
  html { font-size: 62.5% !important; background: #111; color: #eee; }
  body { font: italic 18px/2 cursive; text-align: right; letter-spacing: 0.2em; text-transform: uppercase; }
  * { margin: 0; padding: 0; box-sizing: content-box; font-family: fantasy !important; color: red !important;
      letter-spacing: 0.3em !important; line-height: 3 !important; }
  button, input, select, table, svg { all: unset !important; border: 5px solid lime !important; }
  bn-claim, bn-worked-example, bn-weight-chain { padding: 0 !important; background: yellow !important;
      display: inline !important; direction: rtl !important; font-size: 40px !important; --text: red !important; }
  :root { --text: red; --surface: blue; --x: red; --size-m: 40px; --space-4: 90px; }
  h3, p, label, .problem, .knobs { text-transform: uppercase !important; font-size: 5px !important; }
</style>`;

/** What an element and its parts look like, in words: sizes, colours, fonts and places of everything in its shadow roots. */
async function looks(page: Page, tag: string): Promise<string[]> {
  return page.locator(tag).evaluate((figure) => {
    const lines: string[] = [];
    const origin = figure.getBoundingClientRect();
    const write = (element: Element, path: string) => {
      const style = getComputedStyle(element);
      const { x, y, width, height } = element.getBoundingClientRect();
      // What has no box has no place either.
      if (width === 0 && height === 0 && !element.shadowRoot) return;
      const place = [x - origin.x, y - origin.y, width, height].map(Math.round).join(' ');
      const {
        color,
        backgroundColor,
        fontFamily,
        fontSize,
        letterSpacing,
        textTransform,
        direction,
        textAlign,
      } = style;
      lines.push(
        [
          path,
          place,
          color,
          backgroundColor,
          fontFamily,
          fontSize,
          letterSpacing,
          textTransform,
          direction,
          textAlign,
        ].join(' | '),
      );
      for (const [at, child] of [...(element.shadowRoot?.children ?? []), ...element.children].entries())
        write(child, `${path} ${child.localName}:${at}`);
    };
    write(figure, figure.localName);
    return lines;
  });
}

async function ready(page: Page): Promise<void> {
  await page.getByText('In the literature').waitFor();
  await page.getByText('The largest |x̂|').waitFor();
  await page.getByText('10 layers, learning rate').waitFor();
  await page.waitForTimeout(300);
}

describe('figures in other people’s pages', () => {
  const figures = `<div style="width: 720px; font-size: 16px">
    <bn-claim id="C7" theme="light"></bn-claim>
    <bn-worked-example theme="light" x="2,4,6,8" gamma="2" beta="0.5"></bn-worked-example>
    <bn-weight-chain theme="light"></bn-weight-chain></div>${SCRIPT}`;

  it('look the same whatever the styles of the page are', async () => {
    const options = { viewport: { width: 1000, height: 3000 } };
    const plain = await hosts.open({ body: figures }, options);
    await ready(plain);
    const hostile = await hosts.open({ head: HOSTILE, html: 'dir="rtl"', body: figures }, options);
    await ready(hostile);
    for (const tag of ['bn-claim', 'bn-worked-example', 'bn-weight-chain']) {
      const expected = await looks(plain, tag);
      expect(expected.length).toBeGreaterThan(8);
      expect(await looks(hostile, tag)).toEqual(expected);
    }
  });

  it('are as large as the reader wants, whatever the page makes a rem', async () => {
    const page = await hosts.open(
      { head: '<style>html { font-size: 40px }</style>', body: figures },
      { viewport: { width: 1000, height: 3000 } },
    );
    await ready(page);
    expect(await page.locator('bn-claim').evaluate((figure) => getComputedStyle(figure).fontSize)).toBe(
      '15px',
    );
    const smallest = await page.locator('bn-worked-example').evaluate((figure) => {
      const parts = [...figure.shadowRoot!.querySelectorAll('*')].filter(({ shadowRoot }) => shadowRoot);
      const inside = parts.flatMap((part) => [...part.shadowRoot!.querySelectorAll('*')]);
      return Math.max(...inside.map((one) => Number.parseFloat(getComputedStyle(one).fontSize)));
    });
    expect(smallest).toBeLessThan(30);
  });

  it('change nothing of the page around them', async () => {
    const body = `<h1>Course</h1><p id="probe">Text with <a href="#">a link</a> and <button>a button</button>.</p>`;
    const seen = (page: Page) =>
      page.evaluate(() => {
        const all = [
          document.documentElement,
          document.body,
          ...document.querySelectorAll('h1, #probe, #probe *'),
        ];
        return all.map((element) => {
          const style = getComputedStyle(element);
          return [...style]
            .map((name) => `${name}: ${style.getPropertyValue(name)}`)
            .filter((one) => !/block-size|height|perspective-origin|transform-origin/.test(one));
        });
      });
    const without = await hosts.open({ body });
    const before = await seen(without);
    const withFigure = await hosts.open({ body: `${body}<bn-claim id="C7"></bn-claim>${SCRIPT}` });
    await withFigure.getByText('In the literature').waitFor();
    expect(await seen(withFigure)).toEqual(before);
    expect(await withFigure.evaluate(() => Object.keys(localStorage).length + document.cookie.length)).toBe(
      0,
    );
  });

  it('take their theme from their own attribute, each for itself, also when it changes', async () => {
    const page = await hosts.open(
      {
        body: `<bn-claim id="C7" theme="dark"></bn-claim><bn-claim id="C8" theme="light"></bn-claim>${SCRIPT}`,
      },
      { colorScheme: 'light' },
    );
    await page.getByText('In the literature').first().waitFor();
    const surface = (id: string) =>
      page.locator(`#${id}`).evaluate((figure) => getComputedStyle(figure).getPropertyValue('--surface'));
    expect([await surface('C7'), await surface('C8')]).toEqual(['#15181b', '#fdfdfb']);
    await page.locator('#C8').evaluate((figure) => figure.setAttribute('theme', 'auto'));
    expect(await surface('C8')).toBe('#fdfdfb');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await surface('C8')).toBe('#15181b');
  });

  it('run under the strict policy that docs/embedding.md names', async () => {
    const policy =
      "default-src 'none'; script-src {origin} 'wasm-unsafe-eval'; connect-src {origin}; worker-src blob:; style-src 'none'; base-uri 'none'";
    const page = await hosts.open({
      headers: { 'Content-Security-Policy': policy },
      body: `<bn-worked-example x="2,4,6,8"></bn-worked-example><bn-study name="double-well" seeds="2" points="2"></bn-study>${SCRIPT}`,
    });
    await page.getByText('The largest |x̂|').waitFor();
    await page.locator('bn-study').scrollIntoViewIfNeeded();
    await page.getByRole('button', { name: 'Run 2 seeds' }).click();
    await page.getByText('All seeds as CSV').or(page.getByText('CSV')).first().waitFor();
    expect(page.workers().length).toBeGreaterThan(0);
  });

  it('share one engine, fetched once', async () => {
    const fetched: string[] = [];
    const page = await hosts.open(
      {
        body: `<bn-worked-example></bn-worked-example><bn-worked-example x="1,2,4"></bn-worked-example><bn-weight-chain></bn-weight-chain>${SCRIPT}`,
      },
      { viewport: { width: 1000, height: 4000 } },
    );
    page.on('request', (request) => fetched.push(request.url()));
    await page.reload();
    await page.getByText('10 layers, learning rate').waitFor();
    await expect.poll(() => page.getByText('The largest |x̂|').count()).toBe(2);
    expect(fetched.filter((url) => url.endsWith('.wasm'))).toHaveLength(1);
    expect(page.workers()).toHaveLength(1);
  });

  it('cost little before one of them is near', () => {
    const all = new Set<string>();
    const visit = (file: string) => {
      if (all.has(file)) return;
      all.add(file);
      const text = fs.readFileSync(file, 'utf8');
      for (const [, next] of text.matchAll(/(?:^|;)import[^;'"]*["'](\.[^"']+)["']/g))
        visit(path.join(path.dirname(file), next!));
    };
    visit('dist/embed.js');
    expect(all.size).toBeGreaterThan(1);
    const bytes = [...all].reduce((sum, file) => sum + gzipSync(fs.readFileSync(file)).length, 0);
    expect(bytes).toBeLessThan(6000);
  });

  it('are defined by one copy of embed.js where a page has two', async () => {
    const copy = SCRIPT.replace('embed.js', 'embed.js?copy');
    const figures = '<bn-claim id="C7"></bn-claim><bn-study name="double-well"></bn-study>';
    const page = await hosts.open({ body: `${figures}${SCRIPT}${copy}` });
    await page.getByText('In the literature').waitFor();
    await page.getByRole('button', { name: /^Run/ }).waitFor();
    expect(await page.evaluate(() => document.adoptedStyleSheets.length)).toBe(1);
  });

  it('come alive when a script puts them into the page later', async () => {
    const page = await hosts.open({ body: `<main></main>${SCRIPT}` });
    await page.evaluate(() =>
      document
        .querySelector('main')!
        .insertAdjacentHTML('beforeend', '<section><bn-claim id="C7"></bn-claim></section>'),
    );
    await page.getByText('In the literature').waitFor();
    expect(await page.locator('#C7').evaluate((figure) => figure.shadowRoot !== null)).toBe(true);
  });
});

describe('a figure out of sight', () => {
  it('fetches nothing, computes nothing and renders nothing until it comes near', async () => {
    const fetched: string[] = [];
    const page = await hosts.open({
      body: `<bn-claim id="C7"></bn-claim>${FAR}<bn-weight-chain></bn-weight-chain>${FAR}<bn-claim id="C8"></bn-claim>${SCRIPT}`,
    });
    page.on('request', (request) => fetched.push(request.url()));
    await page.getByText('In the literature').waitFor();
    await page.waitForTimeout(500);
    const defined = () => page.evaluate(() => customElements.get('bn-weight-chain') !== undefined);
    expect(await defined()).toBe(false);
    expect(fetched.filter((url) => /wasm|weight-chain/.test(url))).toEqual([]);
    // Its code is there, since another claim is on the screen; it sleeps nevertheless.
    const rendered = () => page.locator('#C8').evaluate((figure) => figure.shadowRoot!.textContent!.trim());
    expect(await rendered()).toBe('');
    // And takes the room it will need.
    expect(
      await page.locator('#C8').evaluate((figure) => (figure as HTMLElement).offsetHeight),
    ).toBeGreaterThan(300);
    await page.locator('bn-weight-chain').scrollIntoViewIfNeeded();
    await page.getByText('10 layers, learning rate').waitFor();
    await page.locator('#C8').scrollIntoViewIfNeeded();
    await expect.poll(rendered).toContain('In the literature');
  });

  it('pauses a Lab that trains when it is scrolled away, and says so', async () => {
    const page = await hosts.open({ body: `<bn-lab preset="start" panels="trace"></bn-lab>${FAR}${SCRIPT}` });
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const step = async () =>
      Number(
        await page.locator('bn-lab').evaluate((figure) => {
          const { lab } = figure as unknown as { lab: { frame: { arms: { step: number }[] } } };
          return lab.frame.arms[0]!.step;
        }),
      );
    await expect.poll(step).toBeGreaterThan(5);
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    const status = () =>
      page
        .locator('bn-lab')
        .evaluate((figure) => (figure as unknown as { lab: { status: string } }).lab.status);
    await expect.poll(status).toBe('ready');
    const stopped = await step();
    await page.waitForTimeout(500);
    expect(await step()).toBe(stopped);
    await page.evaluate(() => scrollTo(0, 0));
    await page.getByText('Paused while it was out of sight').waitFor();
    // Nothing starts by itself.
    await page.waitForTimeout(300);
    expect(await status()).toBe('ready');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await expect.poll(step).toBeGreaterThan(stopped);
  });

  it('holds a run of an experiment until it can be seen again', async () => {
    const page = await hosts.open({
      body: `<bn-study name="double-well" seeds="40"></bn-study>${FAR}${SCRIPT}`,
    });
    await page.getByRole('button', { name: 'Run 40 seeds' }).click();
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    const done = () =>
      page
        .locator('bn-study')
        .evaluate((figure) => figure.shadowRoot!.querySelector('progress')?.value ?? Infinity);
    await page.waitForTimeout(2500);
    expect(await done()).toBeLessThan(40);
    await page.evaluate(() => scrollTo(0, 0));
    await expect.poll(done, { timeout: 90_000 }).toBe(Infinity);
  });

  const MANY = [
    { panel: 'bands', fields: { Seeds: '20', 'Steps of each run': '20000' }, start: 'Run all seeds' },
    {
      panel: 'sweep',
      fields: { 'Steps of each run': '20000', 'Seeds averaged over': '20' },
      start: 'Run the sweep',
    },
  ];
  it.each(MANY)(
    'holds the runs of “$panel” until they can be seen again',
    async ({ panel, fields, start }) => {
      const page = await hosts.open({
        body: `<bn-lab preset="start" panels="${panel}" controls="all"></bn-lab>${FAR}${SCRIPT}`,
      });
      const runs = page.locator(`bn-lab-${panel}`);
      for (const [name, text] of Object.entries(fields)) {
        // oxlint-disable-next-line no-await-in-loop -- as a person would
        await runs.getByLabel(name).fill(text);
      }
      await runs.getByRole('button', { name: start }).click();
      const done = () =>
        runs.evaluate((element) => element.shadowRoot!.querySelector('progress')?.value ?? Infinity);
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      // What had begun is brought to its end.
      await expect.poll(() => isStill(done), { timeout: 30_000 }).toBe(true);
      expect(await done()).toBeLessThan(Infinity);
      const held = await done();
      await page.evaluate(() => scrollTo(0, 0));
      await expect.poll(done, { timeout: 90_000 }).toBeGreaterThan(held);
    },
  );

  it('sleeps in a tab that is hidden, and wakes with it', async () => {
    const page = await hosts.open(
      { body: `<bn-lab preset="start" panels="trace"></bn-lab><bn-weight-chain></bn-weight-chain>${SCRIPT}` },
      { viewport: { width: 1000, height: 4000 } },
    );
    await page.getByText('10 layers, learning rate').waitFor();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const status = () =>
      page
        .locator('bn-lab')
        .evaluate((figure) => (figure as unknown as { lab: { status: string } }).lab.status);
    await expect.poll(status).toBe('running');
    await hide(page, true);
    await expect.poll(status).toBe('ready');
    const chain = page.locator('bn-weight-chain');
    const shown = () => chain.evaluate((figure) => figure.shadowRoot!.textContent);
    const before = await shown();
    await chain.evaluate((figure) => {
      const layers = figure.shadowRoot!.querySelector<HTMLInputElement>('input[type=range]')!;
      layers.value = '4';
      layers.dispatchEvent(new Event('input'));
    });
    await page.waitForTimeout(500);
    expect(await shown()).toBe(before);
    await hide(page, false);
    await page.getByText('4 layers, learning rate').waitFor();
    await page.getByText('Paused while it was out of sight').waitFor();
    expect(await status()).toBe('ready');
  });

  /** A headless browser has no tabs to hide behind another: the page is told that it is. */
  const hide = (page: Page, hidden: boolean) =>
    page.evaluate((now) => {
      Object.defineProperty(document, 'hidden', { configurable: true, value: now });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);

  /** Whether a count stands for a second and a half: a run of these is shorter. */
  async function isStill(count: () => Promise<number>): Promise<boolean> {
    const before = await count();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    return (await count()) === before;
  }
});

describe('controls', () => {
  it('“none” leaves the numbers and takes what would change them', async () => {
    const page = await hosts.open({
      body: `<bn-worked-example controls="none"></bn-worked-example>${SCRIPT}`,
    });
    await page.getByText('The largest |x̂|').waitFor();
    expect(await page.getByRole('combobox').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Reset' }).count()).toBe(0);
    const cell = page.locator('input[data-field]').first();
    expect(await cell.getAttribute('readonly')).not.toBeNull();
    const before = await cell.inputValue();
    await cell.focus();
    await page.keyboard.press('ArrowUp');
    expect(await cell.inputValue()).toBe(before);
    // The walk can still be walked.
    await page.getByRole('button', { name: 'Next ›' }).click();
    await page.getByText('Step 2 of 7', { exact: true }).waitFor();
    // And what is hidden comes back when it is asked for.
    await page.locator('bn-worked-example').evaluate((figure) => figure.setAttribute('controls', 'all'));
    await page.getByRole('combobox', { name: 'Batch' }).waitFor();
    await expect.poll(() => cell.getAttribute('readonly')).toBeNull();
  });

  it('“none” leaves an experiment its run, and takes its settings', async () => {
    const page = await hosts.open({
      body: `<bn-study name="double-well" controls="none"></bn-study>${SCRIPT}`,
    });
    await page.getByRole('button', { name: /^Run/ }).waitFor();
    expect(await page.getByText('Settings', { exact: true }).isVisible()).toBe(false);
  });

  it('and all else that is not what it should be is said, and something sensible shown', async () => {
    const cases: [string, RegExp][] = [
      [
        '<bn-weight-chain controls="some"></bn-weight-chain>',
        /controls: expected all or few or none, got “some”/,
      ],
      [
        '<bn-weight-chain length="99"></bn-weight-chain>',
        /length: expected a whole number from 1 to 20, got 99/,
      ],
      [
        '<bn-deep-network view="x"></bn-deep-network>',
        /view: expected received or passed or gradient, got “x”/,
      ],
      ['<bn-weight-scale set="a=7"></bn-weight-scale>', /set="a=7": a is one of .*; got “a=7”/],
      ['<bn-claim id="C999"></bn-claim>', /id: expected a claim from C1 to C85, got “C999”/],
      ['<bn-study name="nothing"></bn-study>', /no study called “nothing”; there are .*double-well/],
      ['<bn-lab preset="x" panels="trace"></bn-lab>', /preset: expected start or .*, got “x”/],
      [
        '<bn-worked-example theme="pink"></bn-worked-example>',
        /theme: expected auto or light or dark, got “pink”/,
      ],
    ];
    const body = cases.map(([figure]) => `<div class="case">${figure}</div>`).join('');
    const page = await hosts.open(
      { body: `${body}${SCRIPT}` },
      { viewport: { width: 1000, height: 12_000 } },
    );
    for (const [at, [, sentence]] of cases.entries()) {
      const figure = page.locator('.case').nth(at);
      await figure.getByRole('alert').filter({ hasText: sentence }).waitFor();
      await figure.getByRole('button').or(figure.locator('svg')).first().waitFor();
      expect(await figure.locator('.problem').count()).toBe(1);
    }
  });
});
