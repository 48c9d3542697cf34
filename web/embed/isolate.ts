import type { CSSResultOrNative } from 'lit';
import tokens from '../style/tokens.css?inline';

/**
 * Styles of figures in other people's pages. What the page says of everything (`* { padding: 0 }`, `font`, `direction`) reaches an
 * element itself and what it hands down, but nothing inside its shadow root; so that is where a figure says all it relies on, and
 * says it as important, which no rule of the page overrules. Nothing is written into the page's own styles.
 */
export function isolate(own: readonly CSSResultOrNative[]): CSSResultOrNative[] {
  return [firm(around()), ...own.map((style) => (saysHost(style) ? firm(textOf(style)) : style))];
}

/** Lengths in rem go by the page's root, which may be made to measure of other things; figures go by what the reader has set. */
function around(): string {
  const rem = readersFontSize();
  const sized = tokens.replaceAll(/(\d*\.?\d+)rem\b/g, (_, count: string) => `${Number(count) * rem}px`);
  const here = sized
    .replaceAll(/:root:not\(\[data-theme=(['"]?)(\w+)\1\]\)/g, ':host(:not([theme=$2]))')
    .replaceAll(/:root\[data-theme=(['"]?)(\w+)\1\]/g, ':host([theme=$2])')
    .replaceAll(':root', ':host');
  return `${here} :host { --rem: ${rem}px; } ${INHERITED} ${BOX}`;
}

/** All that is inherited and that a page may have set for its own text. */
const INHERITED = `:host {
  border-collapse: separate; border-spacing: 0; caption-side: top; cursor: auto; direction: ltr; empty-cells: show;
  font: var(--size-m) / 1.45 var(--font-sans); font-feature-settings: normal; font-kerning: auto;
  font-optical-sizing: auto; font-variation-settings: normal; hyphens: manual; letter-spacing: normal; list-style: disc;
  overflow-wrap: break-word; quotes: auto; tab-size: 8; text-align: start; text-align-last: auto; text-indent: 0;
  text-shadow: none; text-transform: none; unicode-bidi: isolate; user-select: auto; white-space: normal; word-break: normal;
  word-spacing: normal; writing-mode: horizontal-tb; -webkit-text-fill-color: currentcolor; -webkit-text-stroke: 0;
}`;

/** A sheet of its own, whatever colour the page has; width and margin are the page's to give. */
const BOX = `:host {
  display: block; box-sizing: border-box; padding: var(--space-4); border: 1px solid var(--hairline);
  border-radius: var(--radius); background: var(--surface); color: var(--text); accent-color: var(--accent);
  margin-block: var(--space-5); isolation: isolate; opacity: 1; filter: none; text-decoration: none; column-count: auto; column-width: auto;
}
:host([hidden]) { display: none; }`;

/** Where a figure stands and how wide it is, its page decides. */
const PAGES_OWN =
  /^(margin|(min-|max-)?(width|inline-size)|float|position|inset|top|left|right|bottom|z-index)/;

function firm(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  insist(sheet.cssRules);
  return sheet;
}

function insist(rules: CSSRuleList): void {
  for (const rule of rules) {
    if (rule instanceof CSSStyleRule && /^:host(\([^ ]*\))?$/.test(rule.selectorText)) {
      // As one text: of a shorthand with a variable in it no part can be read by itself.
      rule.style.cssText = declarations(rule.style.cssText).map(important).join('');
    } else if ('cssRules' in rule && !(rule instanceof CSSStyleRule)) insist(rule.cssRules as CSSRuleList);
  }
}

/** Cuts at semicolons that are not inside brackets or quotation marks. */
function declarations(text: string): readonly string[] {
  return (
    text.match(/(?:[^;("']|\((?:[^()]|\([^()]*\))*\)|"[^"]*"|'[^']*')+/g)?.map((one) => one.trim()) ?? []
  );
}

function important(declaration: string): string {
  if (declaration === '') return '';
  const mine = !PAGES_OWN.test(declaration) && !/!\s*important$/.test(declaration);
  return `${declaration}${mine ? ' !important' : ''};`;
}

function textOf(style: CSSResultOrNative): string {
  return 'cssText' in style ? style.cssText : [...style.cssRules].map(({ cssText }) => cssText).join('\n');
}

function saysHost(style: CSSResultOrNative): boolean {
  return textOf(style).includes(':host');
}

let size: number | undefined;

/** In pixels; 16 unless the reader has asked the browser for another. */
export function readersFontSize(): number {
  if (size !== undefined) return size;
  const probe = document.createElement('span');
  probe.style.cssText =
    'all: initial !important; position: absolute !important; font-size: medium !important;';
  document.documentElement.append(probe);
  size = Number.parseFloat(getComputedStyle(probe).fontSize) || 16;
  probe.remove();
  return size;
}
