import fs from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { QuizPlayer } from './quiz-player.ts';
import { htmlPage, useHost } from './host.ts';

/**
 * dist/anywidget.js in a page that keeps the contract of anywidget's front-end modules (AFM) as notebooks do: traits behind get, set
 * and save_changes, callbacks of on and off, an element to render into, a function to clean up with. What was set is only told to
 * “Python” when it is saved.
 */
const NOTEBOOK = `
class Model {
  constructor(traits) {
    this.traits = traits;
    this.python = { ...traits };
    this.callbacks = new Map();
    this.unsaved = new Set();
  }
  get(name) {
    return this.traits[name];
  }
  set(name, value) {
    if (JSON.stringify(this.traits[name]) === JSON.stringify(value)) return;
    this.traits[name] = value;
    this.unsaved.add(name);
    for (const callback of this.callbacks.get('change:' + name) ?? []) callback();
  }
  save_changes() {
    for (const name of this.unsaved) this.python[name] = JSON.parse(JSON.stringify(this.traits[name]));
    this.unsaved.clear();
  }
  on(event, callback) {
    this.callbacks.set(event, [...(this.callbacks.get(event) ?? []), callback]);
  }
  off(event, callback) {
    this.callbacks.set(event, (this.callbacks.get(event) ?? []).filter((one) => one !== callback));
  }
  send() {}
}

/** As a text in a Blob, which is how a notebook loads a module it has got from Python; each widget gets its own. */
window.show = async (traits, address) => {
  const text = await (await fetch('anywidget.js')).text();
  const url = address ?? URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const { default: widget } = await import(url);
  const model = new Model(traits);
  const el = document.createElement('div');
  el.className = 'output';
  document.body.append(el);
  const close = await widget.render({ model, el });
  return (window.widgets ??= []).push({ model, el, close }) - 1;
};
`;

const python = (page: Page, widget: number, trait: string) =>
  page.evaluate(`widgets[${widget}].model.python[${JSON.stringify(trait)}]`);
const show = (page: Page, traits: object, address?: string) =>
  page.evaluate(`show(${JSON.stringify(traits)}, ${JSON.stringify(address)})`) as Promise<number>;
const set = (page: Page, widget: number, trait: string, value: unknown) =>
  page.evaluate(`widgets[${widget}].model.set(${JSON.stringify(trait)}, ${JSON.stringify(value)})`);

const EXAMPLE = { figure: 'worked-example', attributes: { x: '2,4,6,8', gamma: 2, beta: '0.5' }, state: '' };

describe('the widget for notebooks', () => {
  const host = useHost();
  async function notebook(): Promise<Page> {
    host.put('anywidget.js', fs.readFileSync('dist/anywidget.js'));
    host.put(
      'notebook.html',
      // JupyterLab's theme, and styles that reach for everything.
      htmlPage('', `<style>p, input, button { font: 30px cursive; color: red; }</style>`).replace(
        '<body>',
        `<body data-jp-theme-light="false"><script>${NOTEBOOK}</script>`,
      ),
    );
    return host.open('notebook.html');
  }

  it('computes out of its one text, without a request', async () => {
    const page = await notebook();
    const requests: string[] = [];
    await show(page, EXAMPLE);
    page.on('request', (request) => requests.push(request.url()));
    await page.getByText('is 1.3416').first().waitFor();
    expect(requests.filter((url) => !url.startsWith('blob:'))).toEqual([]);
  });

  it('loads from an address of another origin too', async () => {
    const page = await notebook();
    await show(page, EXAMPLE, `${host.site}anywidget.js`);
    await expect.poll(() => page.getByText('is 1.3416').first().isVisible()).toBe(true);
  });

  it('tells Python what the reader sets, and takes what Python sets', async () => {
    const page = await notebook();
    await show(page, EXAMPLE);
    const gamma = page.locator('input[data-field=gamma]');
    await gamma.fill('3');
    await gamma.press('Enter');
    await expect.poll(() => python(page, 0, 'state')).toMatch(/^1;.*gamma=3/);
    await set(page, 0, 'state', '1;x=1,3;gamma=5');
    await expect.poll(() => gamma.inputValue()).toBe('5');
    await set(page, 0, 'state', '');
    await expect.poll(() => gamma.inputValue()).toBe('2');
    expect(await page.evaluate(() => location.hash)).toBe('');
  });

  it('shows several at a time, each with a state of its own, by whichever copy of the module', async () => {
    const page = await notebook();
    await show(page, EXAMPLE);
    await show(page, { ...EXAMPLE, state: '1;x=1,3;gamma=7' });
    await show(page, { figure: 'same-function', attributes: {} });
    const gammas = page.locator('input[data-field=gamma]');
    await expect.poll(() => gammas.nth(0).inputValue()).toBe('2');
    await page.locator('bn-worked-example').nth(1).scrollIntoViewIfNeeded();
    await expect.poll(() => gammas.nth(1).inputValue()).toBe('7');
    await page.locator('bn-same-function').scrollIntoViewIfNeeded();
    await page.locator('bn-same-function').getByRole('button').first().waitFor();
  });

  it('runs an experiment, and tells Python its setting and its verdicts', async () => {
    const page = await notebook();
    await show(page, { figure: 'study', attributes: { name: 'double-well', seeds: '2' }, verdicts: [] });
    const study = page.locator('bn-study');
    await study.getByRole('button', { name: /^Run 2 seeds/ }).click();
    await expect
      .poll(() => python(page, 0, 'verdicts'), { timeout: 60_000 })
      .toContainEqual(expect.objectContaining({ seeds: 2, sentence: expect.any(String) }));
    await study.locator('summary', { hasText: /^Settings/ }).click();
    const seeds = study
      .getByRole('textbox', { name: /seeds/i })
      .or(study.getByRole('spinbutton', { name: /seeds/i }))
      .first();
    await seeds.fill('3');
    await seeds.press('Enter');
    await expect.poll(() => python(page, 0, 'attributes')).toMatchObject({ name: 'double-well', seeds: '3' });
    await set(page, 0, 'attributes', { name: 'double-well', seeds: 4 });
    await study.getByRole('button', { name: /4 seeds/ }).waitFor();
  });

  it('asks a quiz, tells Python its result, and takes up one that was told before', async () => {
    const page = await notebook();
    const attributes = { chapter: 1, count: 2, seed: 7 };
    await show(page, { figure: 'quiz', attributes, result: null });
    const player = new QuizPlayer(page);
    await player.ready();
    await player.answer(true);
    await player.answer(false);
    const told = await player.result();
    expect(told).toMatchObject({ answered: 2, total: 2, score: 0.5, finished: true });
    await expect.poll(() => python(page, 0, 'result')).toEqual(JSON.parse(JSON.stringify(told)));
    // The notebook is opened again.
    await page.reload();
    await show(page, { figure: 'quiz', attributes, result: JSON.parse(JSON.stringify(told)) });
    await player.ready();
    await expect.poll(() => player.result()).toEqual(told);
  });

  it('says what it cannot read, in a sentence, and shows something sensible', async () => {
    const page = await notebook();
    await show(page, { figure: 'laboratory', attributes: { x: [1], onclick: 'alert(1)' } });
    const alerts = page.locator('.output > div > [role=alert]');
    await expect.poll(() => alerts.allInnerTexts()).toHaveLength(3);
    const [figure, x, onclick] = await alerts.allInnerTexts();
    expect(figure).toMatch(/^figure: expected one of worked-example, .*, got “laboratory”\.$/);
    expect(x).toBe('attributes: x: expected a text, a number, True or False, got “[1]”.');
    expect(onclick).toContain('“onclick” is not one of them');
    await page.locator('bn-worked-example').getByText('is 1.3416').first().waitFor();
    await set(page, 0, 'attributes', {});
    await set(page, 0, 'figure', 'same-function');
    await page.locator('bn-same-function').getByRole('button').first().waitFor();
    expect(await alerts.count()).toBe(0);
  });

  it('follows the notebook’s theme, keeps its styles, and leaves the notebook’s alone', async () => {
    const page = await notebook();
    await page.evaluate(() => document.body.insertAdjacentHTML('afterbegin', '<p id="mine">Mine</p>'));
    const look = () => page.locator('#mine').evaluate((mine) => getComputedStyle(mine).cssText);
    const before = await look();
    await show(page, EXAMPLE);
    await page.getByText('is 1.3416').first().waitFor();
    const figure = page.locator('bn-worked-example');
    expect(await figure.getAttribute('theme')).toBe('dark');
    await page.evaluate(() => (document.body.dataset['jpThemeLight'] = 'true'));
    await expect.poll(() => figure.getAttribute('theme')).toBe('light');
    const note = figure.getByText('is 1.3416').first();
    expect(await note.evaluate((text) => getComputedStyle(text).fontFamily)).not.toContain('cursive');
    expect(await look()).toBe(before);
  });

  it('leaves nothing when it is closed', async () => {
    const page = await notebook();
    await show(page, EXAMPLE);
    await page.getByText('is 1.3416').first().waitFor();
    await page.evaluate('widgets[0].close()');
    expect(await page.locator('.output').innerHTML()).toBe('');
    expect(await page.evaluate('[...widgets[0].model.callbacks.values()].flat().length')).toBe(0);
  });
});
