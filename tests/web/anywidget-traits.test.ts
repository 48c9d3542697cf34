import { describe, expect, it } from 'vitest';
import { notebookTheme } from '../../web/anywidget/notebook-theme.ts';
import { States } from '../../web/anywidget/states.ts';
import { readTraits } from '../../web/anywidget/traits.ts';

const read = (traits: Readonly<Record<string, unknown>>) => readTraits({ get: (name) => traits[name] });

describe('what Python asks a widget for', () => {
  it('is the worked example where it says nothing', () => {
    expect(read({})).toEqual({ figure: 'worked-example', attributes: {}, state: undefined, problems: [] });
  });

  it('is written as attributes are: numbers as texts, True without a value, False and None not at all', () => {
    const attributes = { id: 'C7', open: true, controls: null, theme: false };
    expect(read({ figure: 'claim', attributes }).attributes).toEqual({ id: 'C7', open: '' });
    expect(read({ attributes: { gamma: -0.5 } }).attributes).toEqual({ gamma: '-0.5' });
  });

  it.each([
    [{ figure: 3 }, /^figure: expected one of .*, got “3”\.$/],
    [{ figure: '__proto__' }, /^figure: expected one of/],
    [{ attributes: [1] }, /^attributes: expected a dictionary, got “\[1\]”\.$/],
    [{ attributes: { onload: 'x' } }, /“onload” is not one of them\.$/],
    [{ attributes: { hash: 'we' } }, /“hash” is not one of them\.$/],
    [{ attributes: { x: { a: 1 } } }, /^attributes: x: expected a text, a number, True or False/],
    [{ attributes: { x: '1,'.repeat(40_000) } }, /^attributes: x: expected a text/],
    [{ state: 7 }, /^state: expected the text of a figure’s state, got “7”\.$/],
    [{ state: 'x'.repeat(60_001) }, /^state: expected .* got “x{24}…”\.$/],
  ])('is refused in a sentence where it cannot be: %#', (traits, sentence) => {
    const { problems, attributes, state } = read(traits);
    expect(problems).toEqual([expect.stringMatching(sentence)]);
    expect([attributes, state]).toEqual([{}, undefined]);
  });
});

describe('the states of widgets', () => {
  it('go from Python to the figure and back, and no change is told to whoever made it', () => {
    const states = new States();
    const told: (string | undefined)[] = [];
    const arrived: (string | undefined)[] = [];
    states.open('a', '1;x=1', (text) => told.push(text));
    expect(states.connect('a', (text) => arrived.push(text))).toBe('1;x=1');
    states.give('a', '1;x=2');
    states.take('a', '1;x=2');
    states.take('a', undefined);
    states.give('a', undefined);
    expect([told, arrived]).toEqual([[undefined], ['1;x=2']]);
  });

  it('are of one widget each, and gone with it', () => {
    const states = new States();
    const told: (string | undefined)[] = [];
    states.open('a', '1', (text) => told.push(text));
    states.open('b', '2', (text) => told.push(text));
    states.close('a');
    states.take('a', '3');
    expect(states.connect('b', () => undefined)).toBe('2');
    expect(told).toEqual([]);
  });
});

describe('the notebook’s theme', () => {
  const theme = (dataset: Readonly<Record<string, string>>) =>
    notebookTheme({ dataset } as unknown as HTMLElement);

  it('is what JupyterLab or VS Code say, else nothing', () => {
    expect(theme({ jpThemeLight: 'true' })).toBe('light');
    expect(theme({ jpThemeLight: 'false' })).toBe('dark');
    expect(theme({ vscodeThemeKind: 'vscode-light' })).toBe('light');
    expect(theme({ vscodeThemeKind: 'vscode-dark' })).toBe('dark');
    expect(theme({})).toBeUndefined();
  });
});
