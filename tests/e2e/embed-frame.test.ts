import type { Frame, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { EMBED_FIGURES } from '../../web/protocol/embed.ts';
import { GOLDEN_LINKS } from '../web/embed-golden.ts';
import { useHosts } from './host-page.ts';
import { violations } from './violations.ts';

const hosts = useHosts();

/** A page with frames that keeps what each tells it. */
const framed = (...hashes: string[]) => ({
  body: `<script>
    const all = () => [...document.querySelectorAll('iframe')];
    window.heard = [];
    addEventListener('message', ({ source, data }) => {
      const at = all().findIndex(({ contentWindow }) => contentWindow === source);
      if (at >= 0) (heard[at] ??= []).push(data);
    });
  </script>
  ${hashes.map((hash) => `<iframe title="A figure" width="720" height="400" src="{lab}embed.html${hash.replaceAll('&', '&amp;')}"></iframe>`).join('\n')}`,
});
/** A window in which all of so many frames can be seen: those that cannot sleep. */
const tall = (count: number) => ({ viewport: { width: 760, height: 420 * count } });

type Told = Record<string, unknown>;
const heard = (page: Page, at = 0) =>
  page.evaluate((frame) => (globalThis as unknown as { heard: unknown[][] }).heard[frame] ?? [], at);
const toldOf = async (page: Page, type: string, at = 0) =>
  (await heard(page, at)).filter((one): one is Told => (one as Told)?.['type'] === type);
const frameOf = (page: Page, at = 0): Frame => page.frames()[at + 1]!;

it('shows what it showed, of every link that was given out', async () => {
  const links = GOLDEN_LINKS.map(({ hash }) => hash);
  const page = await hosts.open(framed(...links), tall(links.length));
  for (const [at, { hash, shows }] of GOLDEN_LINKS.entries()) {
    const frame = frameOf(page, at);
    await frame.getByText(shows).first().waitFor();
    expect([hash, await frame.locator('.problem').allInnerTexts()]).toEqual([hash, []]);
    const full = await frame.getByRole('link', { name: /Open in full/ }).getAttribute('href');
    expect([hash, full]).toEqual([hash, expect.stringContaining(hosts.lab)]);
  }
});

describe('a frame', () => {
  it('tells its height in every dialect, and what a change of it is', async () => {
    const page = await hosts.open(framed('#figure=study&name=double-well'));
    const frame = frameOf(page);
    await frame.getByRole('button', { name: /^Run/ }).waitFor();
    const real = () => frame.evaluate(() => Math.ceil(document.body.getBoundingClientRect().height));
    const last = async () => (await toldOf(page, 'resize')).at(-1)?.['height'];
    await expect.poll(async () => (await last()) === (await real())).toBe(true);
    const height = await real();
    const all = await heard(page);
    expect(all).toContainEqual({ source: 'batchnorm-lab', version: 1, type: 'resize', height });
    expect(all).toContainEqual({ subject: 'lti.frameResize', height });
    expect(all).toContainEqual(JSON.stringify({ subject: 'lti.frameResize', height }));
    expect(all).toContainEqual({ context: 'h5p', action: 'hello' });
    expect(all).toContainEqual({
      context: 'h5p',
      action: 'resize',
      scrollHeight: height,
      clientHeight: height,
    });
    await frame.getByText('How it is measured').click();
    await expect.poll(last).toBeGreaterThan(height);
    await frame.getByText('How it is measured').click();
    await expect.poll(last).toBe(height);
  });

  it('that follows its figure’s height comes to rest, without a bar to scroll by', async () => {
    const figures = ['worked-example', 'lab', 'study', 'claim', 'quiz', 'deep-network', 'weight-scale'];
    const hashes = figures.map((figure) => `#figure=${figure}`);
    const page = await hosts.open(framed(...hashes), { viewport: { width: 760, height: 1600 } });
    await page.evaluate(() => {
      addEventListener('message', ({ source, data }) => {
        const frame = [...document.querySelectorAll('iframe')].find((one) => one.contentWindow === source);
        if (frame && data?.subject === 'lti.frameResize') frame.height = data.height;
      });
    });
    for (const at of figures.keys()) {
      const frame = frameOf(page, at);
      await page.locator('iframe').nth(at).scrollIntoViewIfNeeded();
      await frame.getByRole('button').or(frame.getByRole('slider')).first().waitFor();
      // Those that told it before anybody listened tell it again.
      await page.evaluate(
        (n) => frames[n]!.postMessage({ source: 'batchnorm-lab', version: 1, type: 'hello' }, '*'),
        at,
      );
    }
    const counts = () => Promise.all(figures.map(async (_, at) => (await heard(page, at)).length));
    let before: number[];
    do {
      before = await counts();
      await page.waitForTimeout(1000);
    } while (Math.max(...before) < 300 && (await counts()).join() !== before.join());
    for (const [at, figure] of figures.entries()) {
      expect([figure, before[at]! < 150]).toEqual([figure, true]);
      const over = await frameOf(page, at).evaluate(
        () => document.documentElement.scrollHeight - document.documentElement.clientHeight,
      );
      expect([figure, over]).toEqual([figure, 0]);
    }
  });

  it('that does not follow can be scrolled', async () => {
    const page = await hosts.open(framed('#figure=worked-example'));
    const frame = frameOf(page);
    await frame.getByText('The largest |x̂|').waitFor();
    const scrolled = await frame.evaluate(() => {
      document.documentElement.scrollTop = 300;
      return document.documentElement.scrollTop;
    });
    expect(scrolled).toBe(300);
  });

  it('tells its link as it stands, and writes no history for the page around', async () => {
    const page = await hosts.open(framed('#v=1&figure=worked-example&x=2,4,6,8&theme=light'));
    const frame = frameOf(page);
    const entries = await page.evaluate(() => history.length);
    await frame.getByRole('combobox', { name: 'Batch' }).selectOption({ index: 2 });
    await expect.poll(async () => (await toldOf(page, 'state')).length).toBeGreaterThan(0);
    const hash = String((await toldOf(page, 'state')).at(-1)!['hash']);
    expect(hash).toMatch(/^#v=1&figure=worked-example&x=2,4,6,8&theme=light&we=1;/);
    expect(await frame.evaluate(() => location.hash)).toBe(hash);
    expect(await page.evaluate(() => history.length)).toBe(entries);
    // What was told opens the same.
    const again = frameOf(await hosts.open(framed(hash)));
    const chosen = (one: Frame) => one.getByRole('combobox', { name: 'Batch' }).inputValue();
    expect(await chosen(again)).toBe(await chosen(frame));
  });

  it('tells the settings of an experiment as its attributes', async () => {
    const page = await hosts.open(framed('#v=1&figure=weight-chain&theme=light'));
    const frame = frameOf(page);
    await frame.getByRole('slider', { name: 'Layers' }).fill('4');
    await expect
      .poll(async () => (await toldOf(page, 'state')).at(-1)?.['hash'])
      .toBe('#v=1&figure=weight-chain&length=4&theme=light');
  });

  it('answers the page around it, and nobody else', async () => {
    const page = await hosts.open(framed('#figure=claim&id=C7'));
    const frame = frameOf(page);
    await frame.getByText('In the literature').waitFor();
    await page.waitForTimeout(600);
    const clear = () =>
      page.evaluate(() => void ((globalThis as unknown as { heard: unknown[] }).heard = []));
    const post = (data: unknown) =>
      page.evaluate(
        (message) => document.querySelector('iframe')!.contentWindow!.postMessage(message, '*'),
        data,
      );
    await clear();
    // From the frame itself: not from the parent.
    await frame.evaluate(() => postMessage({ source: 'batchnorm-lab', version: 1, type: 'hello' }, '*'));
    await post({ source: 'batchnorm-lab', version: 9, type: 'hello' });
    await post({ context: 'h5p', action: 'eval', code: 'alert(1)' });
    await page.waitForTimeout(400);
    expect(await heard(page)).toEqual([]);
    await post({ source: 'batchnorm-lab', version: 1, type: 'hello' });
    await expect.poll(() => toldOf(page, 'resize')).toHaveLength(1);
    expect(await toldOf(page, 'state')).toEqual([
      { source: 'batchnorm-lab', version: 1, type: 'state', hash: '#v=1&figure=claim&id=C7' },
    ]);
    await post({ context: 'h5p', action: 'ready' });
    await expect.poll(() => heard(page)).toContainEqual({ context: 'h5p', action: 'hello' });
  });

  it('follows when its address is changed', async () => {
    const page = await hosts.open(framed('#figure=claim&id=C7'));
    const frame = frameOf(page);
    await frame.getByText('In the literature').waitFor();
    await frame.evaluate(() => (location.hash = '#figure=weight-chain&length=3'));
    await frame.getByText('3 layers, learning rate').waitFor();
    expect(await frame.locator('bn-claim').count()).toBe(0);
  });

  it('works where the page around it allows scripts and nothing else', async () => {
    const { body } = framed('#figure=worked-example&x=2,4,6,8');
    const page = await hosts.open({ body: body.replace('<iframe', '<iframe sandbox="allow-scripts"') });
    const frame = frameOf(page);
    await frame.getByText('The largest |x̂|').waitFor();
    await frame.getByRole('combobox', { name: 'Batch' }).selectOption({ index: 2 });
    await expect
      .poll(async () => String((await toldOf(page, 'state')).at(-1)?.['hash']))
      .toMatch(/^#v=1&figure=worked-example&x=2,4,6,8&we=1;/);
  });
});

it('violates no rule of accessibility, whichever figure is in it, and with a bad link', async () => {
  const hashes = [...Object.keys(EMBED_FIGURES).map((figure) => `#figure=${figure}`), '#figure=wurked'];
  const page = await hosts.open(framed(...hashes), tall(hashes.length));
  for (const [at, hash] of hashes.entries()) {
    const frame = frameOf(page, at);
    const inside = frame.locator('main > :last-child');
    await inside
      .getByRole('button')
      .or(inside.getByRole('slider'))
      .or(inside.getByRole('radio'))
      .first()
      .waitFor();
    // Advice, no criterion: a figure has the heading levels of the chapter it comes from, and no chapter is here.
    const found = (await violations(frame)).filter((one) => !one.startsWith('heading-order:'));
    expect([hash, found]).toEqual([hash, []]);
  }
});

it('says in words what is wrong with a link, and shows a figure', async () => {
  const cases: [string, RegExp][] = [
    ['', /names no figure; there are worked-example, lab/],
    ['#figure=wurked', /no figure “wurked”/],
    ['#figure=%3Cimg src=x onerror=alert(1)%3E', /no figure “<img src=x onerror=alert\(1\)>”/],
    ['#v=7&figure=claim&id=C7', /version 7, newer than this copy/],
    ['#figure=study&name=double-well&evil=1', /study has no setting “evil”/],
    ['#figure=study&name=%3Cb%3E', /no study called “<b>”/],
    ['#figure=worked-example&x=1,,2', /x: row 2, column 1: expected a number/],
    ['#figure=worked-example&we=1;nothing=1', /could not be read: “nothing”/],
    ['#figure=lab&lab=9;data=moons', /could not be read: it is of version/],
    ['#figure=claim&id=C7&claim=C7~E1:a=1', /C7 does not use E1/],
  ];
  const page = await hosts.open(framed(...cases.map(([hash]) => hash)), tall(cases.length));
  for (const [at, [hash, sentence]] of cases.entries()) {
    const frame = frameOf(page, at);
    await frame.getByRole('alert').filter({ hasText: sentence }).first().waitFor();
    await frame.getByRole('button').first().waitFor();
    expect([hash, await frame.locator('main img').count()]).toEqual([hash, 0]);
  }
});
