import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { insideLinks } from '../../../scripts/vite/one-file-pages.ts';
import { asksForFigure, movedTo, readInside, writeInside } from '../../../web/onefile/address.ts';
import { CHAPTERS } from '../../../web/pages/contents.ts';
import { readHash } from '../../../web/protocol/hash.ts';

describe('an address inside the one file', () => {
  test.each([
    ['index.html', '', '#'],
    ['index.html', '#ways', '#at=ways'],
    ['lab.html', '', '#page=lab'],
    ['lab.html', '#lab=1;lr=0.5', '#page=lab&lab=1;lr=0.5'],
    ['gamma-and-beta.html', '#scale', '#page=gamma-and-beta&at=scale'],
    ['claims.html', '#C7', '#page=claims&claim=C7'],
    ['claims.html', '#claim=C7~seeds:20', '#page=claims&claim=C7~seeds:20'],
    ['embed.html', '#v=1&figure=study&name=double-well', '#v=1&figure=study&name=double-well'],
  ])('stands for %s%s', (file, hash, inside) => {
    expect(writeInside(file, hash)).toBe(inside);
  });

  test('is read as the page and place it stands for', () => {
    const id = fc.stringMatching(/^[a-z][a-z-]{0,10}$/);
    fc.assert(
      fc.property(fc.constantFrom(...CHAPTERS), id, ({ file }, place) => {
        expect(readInside(writeInside(file, `#${place}`))).toEqual({ file, place });
        const state = `${place}=1;x=2`;
        const hash = writeInside(file, `#${state}`);
        expect(readInside(hash).file).toBe(file);
        expect(readHash(hash, place)).toBe('1;x=2');
      }),
    );
  });

  test('may have a figure’s state and no page, as links of the site have', () => {
    expect(readInside('#lab=1;lr=0.5').file).toBe('lab.html');
    expect(readInside('#we=1;x=1,2').file).toBe('a-batch-normalised.html');
    expect(readInside('#claim=C7').file).toBe('claims.html');
    expect(readInside('#quiz=1;chapter=3').file).toBe('quiz.html');
    expect(readInside('').file).toBe('index.html');
  });

  test('goes to another place of a page with all states left as they are', () => {
    expect(movedTo('#page=lab&lab=1;lr=0.5&at=how', 'top')).toBe('#page=lab&lab=1;lr=0.5&at=top');
  });

  test('of one figure is told apart', () => {
    expect(asksForFigure('#v=1&figure=lab')).toBe(true);
    expect(asksForFigure('#page=lab&lab=1;title=figure=')).toBe(false);
  });

  test('may be anything, and is read all the same', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readInside(`#${text}`).file).toMatch(/\.html$/);
      }),
    );
  });
});

describe('links of the site’s pages', () => {
  const inside = (link: string) => insideLinks(link, 'gamma-and-beta.html');

  test('lead to the pages inside', () => {
    expect(inside('<a class="x" href="./lab.html#lab=1;a=%261">the Lab</a>')).toBe(
      '<a class="x" href="#page=lab&amp;lab=1;a=%261">the Lab</a>',
    );
    expect(inside('<a href="./">Home</a>')).toBe('<a href="#">Home</a>');
    expect(inside('<a href="#scale">there</a>')).toBe(
      '<a href="#page=gamma-and-beta&amp;at=scale">there</a>',
    );
  });

  test('to what is not in the file become text, and leave lists of links', () => {
    expect(inside('see <a href="./teach.html#x">the page for teachers</a>.')).toBe(
      'see <span>the page for teachers</span>.',
    );
    expect(
      inside('<ul><li><a href="./lab.html">Lab</a></li><li><a href="./teach.html">Teach</a></li></ul>'),
    ).toBe('<ul><li><a href="#page=lab">Lab</a></li></ul>');
  });

  test('out into the world stay', () => {
    const paper = '<a href="https://arxiv.org/abs/1502.03167">Ioffe and Szegedy</a>';
    expect(inside(paper)).toBe(paper);
  });
});
