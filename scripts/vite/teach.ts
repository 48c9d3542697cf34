import { pageFiller, type PageFiller } from './page-filler.ts';
import { PARTS } from './teach/lesson.ts';
import { sheetContents, worksheets } from './teach/worksheet.ts';

/** What a page may ask for. */
const FILLED: Readonly<Record<string, () => string>> = {
  ...PARTS,
  'sheet-contents': sheetContents,
  worksheets: () => worksheets(false),
  keys: () => worksheets(true),
};

/**
 * The teaching material, put into pages when the site is built, so that it can be read and printed without scripts: a page says
 * `<!-- teach:lessons -->`. Its formulas are TeX still, for formulas.ts behind it.
 */
export const teach = (): PageFiller => pageFiller('bn-teach', fillTeaching);

export function fillTeaching(html: string): string {
  return html.replace(/<!-- teach:([a-z-]+) -->/g, (_, name: string) => {
    const fill = FILLED[name];
    if (!fill) throw new Error(`There is no teaching material called ${name}.`);
    return fill();
  });
}
