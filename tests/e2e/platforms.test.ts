import fs from 'node:fs';
import type { Frame, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { htmlPage, useHost } from './host.ts';
import { canvasPage } from './platforms/canvas.ts';
import { hugo, pandoc } from './platforms/generators.ts';
import { moodleFile, moodlePage } from './platforms/moodle.ts';
import { snippet } from './platforms/snippets.ts';

/** Hugo and Pandoc are installed for the slow suite only. */
const FULL = process.env['BNLAB_FULL'] === '1';

/** What docs/platforms.md has to copy, in pages as each platform makes them, from another origin than the site's. */
const host = useHost();

/** The figure in the page's frame, when it has computed: the largest x̂ of the worked example. */
async function computes(place: Page | Frame): Promise<void> {
  await place.locator('bn-worked-example').getByText('is 1.3416').first().waitFor();
}

async function frameOf(page: Page): Promise<Frame> {
  const element = await page.locator('iframe').first().elementHandle();
  const frame = await element?.contentFrame();
  if (!frame) throw new Error('There is no frame in the page.');
  return frame;
}

/** Of the frame in its page, and of what is in it. */
async function heights(page: Page): Promise<{ frame: number; content: number }> {
  const box = await page.locator('iframe').first().boundingBox();
  const content = await (await frameOf(page)).evaluate(() => document.body.getBoundingClientRect().height);
  return { frame: Math.round(box?.height ?? 0), content: Math.round(content) };
}

/** The frame is as high as its content, also when it becomes narrower and the content higher. */
async function followsHeight(page: Page): Promise<void> {
  const fits = async () => {
    const { frame, content } = await heights(page);
    return content > 0 && Math.abs(frame - content) <= 4;
  };
  await expect.poll(fits).toBe(true);
  const before = await heights(page);
  await page.setViewportSize({ width: 400, height: 900 });
  await expect.poll(async () => (await heights(page)).content).toBeGreaterThan(before.content);
  await expect.poll(fits).toBe(true);
}

describe('any page', () => {
  it('shows the element', async () => {
    host.put('plain.html', htmlPage(snippet('Any page', 'html', host.site)));
    const page = await host.open('plain.html');
    await computes(page);
    expect(await page.locator('iframe').count()).toBe(0);
  });

  it('shows the frame, as high as its figure', async () => {
    host.put('frame.html', htmlPage(snippet('Any page', 'html', host.site, 1)));
    const page = await host.open('frame.html');
    await computes(await frameOf(page));
    await followsHeight(page);
    expect(await page.locator('iframe').count()).toBe(1);
  });
});

describe('Moodle', () => {
  it('shows the frame in a page, at the height that was written', async () => {
    host.put('moodle.html', moodlePage(snippet('Moodle', 'html', host.site)));
    const page = await host.open('moodle.html');
    await computes(await frameOf(page));
    expect((await heights(page)).frame).toBe(900);
  });

  it('shows the one file, uploaded', async () => {
    host.put('pluginfile.php/batchnorm-lab.html', fs.readFileSync('dist/batchnorm-lab.html'));
    host.put('moodle-file.html', moodleFile('pluginfile.php/batchnorm-lab.html#v=1&figure=worked-example'));
    const page = await host.open('moodle-file.html');
    const frame = await frameOf(page);
    await expect.poll(() => frame.getByText('is 1.3416').first().isVisible()).toBe(true);
  });
});

describe('Canvas', () => {
  it('keeps the frame, and gives it the height of its figure', async () => {
    host.put('canvas.html', canvasPage(snippet('Canvas', 'html', host.site)));
    const page = await host.open('canvas.html');
    await computes(await frameOf(page));
    await followsHeight(page);
    expect(await page.evaluate('dropped')).toEqual([]);
  });

  it('takes out elements and their script, which is why the frame is recommended', async () => {
    host.put('canvas-element.html', canvasPage(snippet('Any page', 'html', host.site)));
    const page = await host.open('canvas-element.html');
    expect(await page.evaluate('dropped')).toEqual(['script', 'bn-worked-example']);
  });
});

describe('reveal.js', () => {
  const reveal = 'node_modules/reveal.js/dist/';
  const slides = (sections: string, after: string) =>
    htmlPage(
      `<div class="reveal"><div class="slides">${sections}${'<section><h2>Another slide</h2></section>'.repeat(4)}</div></div>
      <script src="reveal.js"></script><script>Reveal.initialize({ viewDistance: 1, transition: 'none' });</script>${after}`,
      '<link rel="stylesheet" href="reveal.css"><link rel="stylesheet" href="white.css">',
    );
  const present = (name: string, sections: string, after = '') => {
    host.put('reveal.js', fs.readFileSync(`${reveal}reveal.js`));
    host.put('reveal.css', fs.readFileSync(`${reveal}reveal.css`));
    host.put(
      'white.css',
      fs.readFileSync(`${reveal}theme/white.css`, 'utf8').replaceAll(/@import[^;]*;/g, ''),
    );
    host.put(name, slides(sections, after));
    return host.open(name);
  };
  const gamma = (place: Page | Frame) => place.locator('input[data-field=gamma]');

  it('keeps what was set in a frame while other slides are shown', async () => {
    const after = snippet('reveal.js', 'html', host.site, 1);
    const page = await present('slides.html', snippet('reveal.js', 'html', host.site), after);
    let frame = await frameOf(page);
    await computes(frame);
    await gamma(frame).fill('3');
    await gamma(frame).press('Enter');
    await expect.poll(() => page.locator('iframe').getAttribute('data-src')).toMatch(/gamma=3/);
    await page.evaluate('Reveal.slide(4)');
    await expect.poll(() => page.locator('iframe').getAttribute('src')).toBe(null);
    await page.evaluate('Reveal.slide(0)');
    await expect.poll(() => page.locator('iframe').getAttribute('src')).toMatch(/gamma=3/);
    frame = await frameOf(page);
    await computes(frame);
    expect(await gamma(frame).inputValue()).toBe('3');
  });

  it('leaves the keys to an element that are meant for it', async () => {
    const element =
      '<section><bn-worked-example x="2,4,6,8" gamma="2" beta="0.5"></bn-worked-example></section>';
    const page = await present('slides-element.html', element, snippet('reveal.js', 'html', host.site, 2));
    await computes(page);
    await gamma(page).fill('');
    await gamma(page).pressSequentially('.25');
    await gamma(page).press('Enter');
    await expect.poll(() => gamma(page).inputValue()).toBe('0.25');
    expect(await page.evaluate('Reveal.isPaused()')).toBe(false);
  });
});

describe.runIf(FULL)('Hugo', () => {
  it('makes a frame of the shortcode', async () => {
    const made = await hugo(snippet('Hugo', 'html', host.site), snippet('Hugo', 'markdown', host.site));
    host.put('hugo.html', made);
    const page = await host.open('hugo.html');
    await computes(await frameOf(page));
    expect(await page.locator('iframe').getAttribute('height')).toBe('900');
  });
});

describe.runIf(FULL)('Quarto', () => {
  it('passes a raw block with a frame on', async () => {
    host.put('quarto.html', await pandoc(snippet('Quarto', 'markdown', host.site)));
    const page = await host.open('quarto.html');
    const frame = await frameOf(page);
    await expect.poll(() => frame.getByRole('button', { name: 'Run 10 seeds' }).isVisible()).toBe(true);
  });

  it('passes a raw block with an element on', async () => {
    host.put('quarto-element.html', await pandoc(snippet('Quarto', 'markdown', host.site, 1)));
    const page = await host.open('quarto-element.html');
    await expect.poll(() => page.getByRole('button', { name: 'Run 10 seeds' }).isVisible()).toBe(true);
  });
});
