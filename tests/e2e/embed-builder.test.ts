import fs from 'node:fs';
import jsQR from 'jsqr';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { useSite } from './browser.ts';
import { study } from './study-page.ts';
import { violations } from './violations.ts';

const site = useSite();

type Reader = (data: Uint8ClampedArray, width: number, height: number) => { data: string } | null;
const readCode = ((jsQR as unknown as { default?: Reader }).default ?? jsQR) as Reader;

/** Of the worked example: the first example's activation. */
const FIRST_NUMBER = 'bn-walk-grid input[data-field^="x."]';
const SCHOOL = 'https://school.example/batchnorm-lab/';

interface Open {
  page: Page;
  builder: Locator;
  preview: FrameLocator;
}

async function open(hash = '', width = 1280): Promise<Open> {
  const page = await site.open(`teach.html${hash}`, { viewport: { width, height: 900 } });
  const builder = page.locator('bn-embed-builder');
  await builder.getByRole('heading', { name: '2. Set it up by using it' }).waitFor();
  await builder.locator('bn-embed-preview').scrollIntoViewIfNeeded();
  return { page, builder, preview: builder.locator('iframe').contentFrame() };
}

const choose = (builder: Locator, name: string): Promise<void> =>
  builder.getByRole('radio', { name, exact: true }).check();

/** What stands there to be copied, as soon as it has what is waited for. */
async function text(builder: Locator, has: string): Promise<string> {
  const area = builder.locator('bn-embed-result textarea');
  await expect.poll(() => area.inputValue(), { timeout: 30_000 }).toContain(has);
  return area.inputValue();
}

/** The attributes of the tag in a text, as this browser reads them in a page of anybody's. */
async function parsed(page: Page, html: string, tag: string): Promise<Record<string, string>> {
  const blank = await page.context().newPage();
  const found = await blank.evaluate(
    ([source, name]) => {
      const element = new DOMParser().parseFromString(source!, 'text/html').querySelector(name!)!;
      return Object.fromEntries([...element.attributes].map((one) => [one.name, one.value]));
    },
    [html, tag],
  );
  await blank.close();
  return found;
}

it(
  'puts what is done to the figure into the link, and the link shows the same figure',
  { timeout: 120_000 },
  async () => {
    const { page, builder, preview } = await open('#builder');
    const example = preview.locator('bn-worked-example');
    await example.locator(FIRST_NUMBER).first().fill('3');
    await page.keyboard.press('Enter');
    const link = await text(builder, 'we=1;x=3');
    await expect.poll(() => page.url(), { timeout: 10_000 }).toContain('build=');
    const copy = await site.open(link.slice(site.address.length));
    await expect.poll(() => copy.locator(FIRST_NUMBER).first().inputValue(), { timeout: 30_000 }).toBe('3');

    await choose(builder, 'Element');
    expect(await parsed(page, await text(builder, '<bn-worked-example'), 'bn-worked-example')).toMatchObject({
      x: '3,4,6,8',
    });
    await builder.getByRole('button', { name: 'As it starts' }).click();
    await expect.poll(() => text(builder, '<bn-worked-example')).not.toContain('x=');
  },
);

it('finds a study, and writes the frame of a school’s own host', { timeout: 120_000 }, async () => {
  const { page, builder, preview } = await open();
  await builder.getByLabel('Search').fill('well batch');
  await builder.getByRole('button', { name: /^E17\b/ }).click();
  await expect
    .poll(() => preview.locator('bn-study').getAttribute('name'), { timeout: 30_000 })
    .toBe('double-well');
  await choose(builder, '0,5');
  await choose(builder, 'None');
  await expect.poll(() => preview.locator('bn-study').getAttribute('decimal')).toBe('comma');

  await choose(builder, 'Frame');
  const address = builder.getByLabel('Where the site is');
  expect(await address.inputValue()).toBe(site.address);
  await address.fill('school');
  expect(await builder.getByRole('alert').innerText()).toContain('expected one such as https://');
  await address.fill(SCHOOL);
  const { src, title, sandbox } = await parsed(page, await text(builder, SCHOOL), 'iframe');
  expect(src).toBe(`${SCHOOL}embed.html#v=1&figure=study&name=double-well&controls=none&decimal=comma`);
  expect(title).toMatch(/^E17\. /);
  expect(sandbox).toContain('allow-scripts');

  // The page's own address has it all.
  await expect.poll(() => page.url(), { timeout: 10_000 }).toContain('build-base');
  const again = await site.open(page.url().slice(site.address.length));
  await expect
    .poll(() => again.locator('bn-embed-result textarea').inputValue(), { timeout: 30_000 })
    .toBe(src);
});

it('says which numbers cannot be, and keeps those before', { timeout: 120_000 }, async () => {
  const { builder } = await open('#build=figure=quiz%26chapter=3%26count=2&build-height=500');
  const type = async (label: string, value: string) => {
    await builder.getByLabel(label).fill(value);
    await builder.getByLabel(label).press('Tab');
  };
  await type('How many questions', '99');
  expect(await builder.getByRole('alert').innerText()).toBe(
    'How many questions: expected a whole number from 1 to 48, got 99. 2 stays.',
  );
  expect(await builder.getByLabel('How many questions').inputValue()).toBe('2');
  await type('Pixels', 'high');
  expect(await builder.getByRole('alert').innerText()).toBe(
    'Pixels: expected a whole number from 120 to 4000, got “high”. 500 stays.',
  );
  await choose(builder, 'Frame');
  expect(await text(builder, 'figure=quiz&amp;chapter=3&amp;count=2"')).toContain('height="500"');
  await type('Pixels', '600');
  await type('How many questions', '');
  expect(await builder.getByRole('alert').count()).toBe(0);
  expect(await text(builder, 'figure=quiz&amp;chapter=3"')).toContain('height="600"');
});

it('draws a code that holds the link', { timeout: 120_000 }, async () => {
  const { page, builder } = await open('#build=figure=study%26name=double-well');
  const link = await text(builder, 'double-well');
  await choose(builder, 'QR code');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    builder.getByRole('button', { name: 'Download PNG' }).click(),
  ]);
  const png = fs.readFileSync(await download.path()).toString('base64');
  const { width, pixels } = await page.evaluate(async (bytes) => {
    const blob = new Blob([Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0))]);
    const picture = await createImageBitmap(blob);
    const pen = new OffscreenCanvas(picture.width, picture.height).getContext('2d')!;
    pen.drawImage(picture, 0, 0);
    const { data } = pen.getImageData(0, 0, picture.width, picture.height);
    // Black or white: one letter for each pixel.
    return {
      width: picture.width,
      pixels: Array.from({ length: data.length / 4 }, (_, i) => (data[4 * i]! > 127 ? '1' : '0')).join(''),
    };
  }, png);
  const rgba = Uint8ClampedArray.from({ length: 4 * pixels.length }, (_, i) =>
    i % 4 === 3 || pixels[i >> 2] === '1' ? 255 : 0,
  );
  expect(readCode(rgba, width, width)?.data).toBe(link);
});

it('is where figures of the site lead, as they stand', { timeout: 120_000 }, async () => {
  const page = await site.open('lab.html#lab=1;lr=0.3');
  await page.getByRole('button', { name: 'Share and keep' }).click();
  await page.getByRole('link', { name: 'Embed in a course' }).click();
  expect(await text(page.locator('bn-embed-builder'), 'lab=1;')).toContain('lr=0.3');
  await page.goto(new URL('one-some-or-all.html', site.address).href);
  const noise = await study(page, 'gradient-noise');
  await noise.getByText('How it is measured').click();
  await noise.getByRole('link', { name: 'Embed in a course' }).click();
  expect(await text(page.locator('bn-embed-builder'), 'name=gradient-noise')).toContain('metrics=noise');
  // Not in a frame, where it would open in the frame.
  const frame = await site.open('embed.html#figure=study&name=double-well');
  await frame.getByText('How it is measured').click();
  await frame.getByText('Experiment E17.').waitFor();
  expect(await frame.getByRole('link', { name: 'Embed in a course' }).count()).toBe(0);
});

const WIDTHS = [
  [320, 'dark'],
  [1280, 'light'],
] as const;

it.each(process.env['BNLAB_FULL'] ? WIDTHS : WIDTHS.slice(0, 1))(
  'has no violation, and fits, %i pixels wide in the %s theme',
  { timeout: 120_000 },
  async (width, colorScheme) => {
    const { page, builder } = await open('', width);
    await page.emulateMedia({ colorScheme });
    await choose(builder, 'QR code');
    await builder.getByRole('button', { name: 'Download SVG' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    expect(await violations(page, 'bn-embed-builder')).toEqual([]);
  },
);
