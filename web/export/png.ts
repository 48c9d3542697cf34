/**
 * A figure as a picture: what stands on the page, painted on a canvas. Canvases and SVGs are taken over, texts are written
 * where the browser put them, and boxes that have a background or a border get it; controls are left out. The page's own
 * styles are read as they are now, so that the picture is in the theme the reader sees.
 */

export interface PictureOptions {
  title: string;
  /** A line under the picture: where it comes from. */
  source: string;
  /** Pixels of the picture for each of the page's. */
  scale?: number;
}

const LEFT_OUT = [
  'button, input, select, textarea, label, form, fieldset, details, progress, option, style, script',
  '.visually-hidden, [hidden], [aria-live]',
].join(', ');
const MARGIN = 16;
const TITLE = 28;
const SOURCE = 24;

export async function pictureOf(
  figure: Element,
  { title, source, scale = 2 }: PictureOptions,
): Promise<Blob> {
  const pieces = [...piecesOf(figure)];
  const { left, width } = figure.getBoundingClientRect();
  // Controls leave room behind; the picture begins where something is painted.
  const from = Math.min(...pieces.map(({ box }) => box.top));
  const to = Math.max(...pieces.map(({ box }) => box.bottom));
  if (pieces.length === 0) throw new Error('There is nothing in it to make a picture of.');

  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil((width + 2 * MARGIN) * scale);
  canvas.height = Math.ceil((to - from + 2 * MARGIN + TITLE + SOURCE) * scale);
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('This browser does not give the page a canvas to paint on.');
  pen.scale(scale, scale);
  const style = getComputedStyle(figure);
  const font = (size: number, weight: number) => `${weight} ${size}px ${style.fontFamily}`;
  const token = (name: string) => style.getPropertyValue(name).trim();
  pen.fillStyle = token('--surface');
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.textBaseline = 'middle';
  pen.fillStyle = token('--text');
  pen.font = font(18, 600);
  pen.fillText(title, MARGIN, MARGIN + TITLE / 2 - 4, width);
  pen.fillStyle = token('--text-muted');
  pen.font = font(12, 400);
  pen.fillText(source, MARGIN, canvas.height / scale - MARGIN, width);

  pen.translate(MARGIN - left, MARGIN + TITLE - from);
  for (const piece of pieces) {
    pen.save();
    // oxlint-disable-next-line no-await-in-loop -- one over the other, in order
    await piece.paint(pen);
    pen.restore();
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error('The browser could not make a picture of it; it may be too large.'));
    }, 'image/png');
  });
}

/** Whether there is something in it worth a picture. */
export function isPictured(figure: Element): boolean {
  for (const { drawing } of piecesOf(figure)) if (drawing) return true;
  return false;
}

interface Piece {
  box: DOMRect;
  /** More than words. */
  drawing: boolean;
  paint(pen: CanvasRenderingContext2D): void | Promise<void>;
}

function* piecesOf(element: Element): Generator<Piece> {
  if (element.matches(LEFT_OUT)) return;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  if (style.display === 'none' || style.visibility === 'hidden') return;
  if (box.width > 0 && box.height > 0) {
    if (element instanceof HTMLCanvasElement) {
      yield {
        box,
        drawing: true,
        paint: (pen) => pen.drawImage(element, box.x, box.y, box.width, box.height),
      };
      return;
    }
    if (element instanceof SVGSVGElement) {
      yield { box, drawing: true, paint: (pen) => paintSvg(pen, element, box) };
      return;
    }
    yield* boxOf(style, box);
    yield* markBefore(element, box);
  }
  for (const child of childrenOf(element)) {
    if (child instanceof Element) yield* piecesOf(child);
    else if (child instanceof Text) yield* linesOf(child, style);
  }
}

/** In the order they are laid out: a shadow tree in place of its host's children, and those in its slots. */
function childrenOf(element: Element): readonly Node[] {
  if (element instanceof HTMLSlotElement) {
    const assigned = element.assignedNodes();
    return assigned.length > 0 ? assigned : [...element.childNodes];
  }
  return [...(element.shadowRoot ?? element).childNodes];
}

const isTransparent = (color: string) => color === 'transparent' || /[,/]\s*0\)$/.test(color);

function* boxOf(style: CSSStyleDeclaration, box: DOMRect): Generator<Piece> {
  const colors = style.backgroundImage.match(/rgba?\([^)]*\)/g) ?? [];
  const across = style.backgroundImage.startsWith('linear-gradient(90deg') && colors.length > 1;
  if (across || !isTransparent(style.backgroundColor)) {
    yield {
      box,
      // A cell of a heat map, not the paper behind a paragraph.
      drawing: style.display === 'table-cell',
      paint(pen) {
        pen.fillStyle = style.backgroundColor;
        if (across) {
          const gradient = pen.createLinearGradient(box.left, 0, box.right, 0);
          colors.forEach((color, i) => gradient.addColorStop(i / (colors.length - 1), color));
          pen.fillStyle = gradient;
        }
        pen.beginPath();
        turned(pen, style, box);
        if (style.borderRadius.endsWith('%'))
          pen.ellipse(box.x + box.width / 2, box.y + box.height / 2, box.width / 2, box.height / 2, 0, 0, 7);
        else pen.rect(box.x, box.y, box.width, box.height);
        pen.fill();
      },
    };
  }
  const sides = ['Top', 'Right', 'Bottom', 'Left'] as const;
  const widths = sides.map((side) =>
    style[`border${side}Style`] === 'none' ? 0 : parseFloat(style[`border${side}Width`]),
  );
  if (widths.every((width) => width === 0)) return;
  yield {
    box,
    drawing: false,
    paint(pen) {
      if (style.borderRadius.endsWith('%')) {
        pen.strokeStyle = style.borderTopColor;
        pen.lineWidth = widths[0]!;
        pen.beginPath();
        const half = widths[0]! / 2;
        pen.ellipse(
          box.x + box.width / 2,
          box.y + box.height / 2,
          box.width / 2 - half,
          box.height / 2 - half,
          0,
          0,
          7,
        );
        pen.stroke();
        return;
      }
      const { left, right, top, bottom } = box;
      const ends = [
        [left, top, right, top],
        [right, top, right, bottom],
        [left, bottom, right, bottom],
        [left, top, left, bottom],
      ] as const;
      sides.forEach((side, i) => {
        if (widths[i] === 0) return;
        const [x0, y0, x1, y1] = ends[i]!;
        paintLine(
          pen,
          [x0, y0, x1, y1],
          widths[i]!,
          style[`border${side}Color`],
          style[`border${side}Style`],
        );
      });
    },
  };
}

/** The box of a turned element is that of its turned corners; inside it the element is as wide as it was told. */
function turned(pen: CanvasRenderingContext2D, style: CSSStyleDeclaration, box: DOMRect): void {
  const { a, b } = new DOMMatrix(style.transform);
  if (b === 0) return;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const shrink = 1 / (Math.abs(a) + Math.abs(b));
  pen.translate(x, y);
  pen.rotate(Math.atan2(b, a));
  pen.scale(shrink, shrink);
  pen.translate(-x, -y);
}

type Ends = readonly [x0: number, y0: number, x1: number, y1: number];

function paintLine(
  pen: CanvasRenderingContext2D,
  [x0, y0, x1, y1]: Ends,
  width: number,
  color: string,
  style: string,
): void {
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.setLineDash(style === 'dashed' ? [3 * width, 2 * width] : style === 'dotted' ? [width, width] : []);
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}

/** The line a legend draws before its words. */
function* markBefore(element: Element, box: DOMRect): Generator<Piece> {
  const style = getComputedStyle(element, '::before');
  const width = parseFloat(style.width);
  const thickness = parseFloat(style.borderTopWidth);
  if (style.content === 'none' || style.borderTopStyle === 'none' || !(width > 0) || !(thickness > 0)) return;
  const y = box.y + Math.min(box.height, parseFloat(getComputedStyle(element).lineHeight) || box.height) / 2;
  yield {
    box,
    drawing: false,
    paint: (pen) =>
      paintLine(pen, [box.x, y, box.x + width, y], thickness, style.borderTopColor, style.borderTopStyle),
  };
}

/** The lines the browser broke a text into. */
function* linesOf(node: Text, style: CSSStyleDeclaration): Generator<Piece> {
  const text = node.data;
  const range = document.createRange();
  let line = '';
  let box: DOMRect | undefined;
  const piece = (words: string, at: DOMRect): Piece => ({
    box: at,
    drawing: false,
    paint(pen) {
      pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      pen.fillStyle = style.color;
      pen.textBaseline = 'middle';
      pen.fillText(words, at.x, at.y + at.height / 2);
    },
  });
  for (const { 0: word, index } of text.matchAll(/\S+\s*/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.trimEnd().length);
    const [first] = range.getClientRects();
    if (!first || first.width === 0) continue;
    if (box && Math.abs(first.y - box.y) > 2) {
      yield piece(line, box);
      box = undefined;
    }
    line = box ? line + word : word;
    box ??= first;
  }
  if (box) yield piece(line, box);
}

/** What an SVG outside the page would no longer know of the page's styles. */
const SVG_STYLES = [
  'color',
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linejoin',
  'stroke-linecap',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
  'visibility',
  'display',
  'vector-effect',
];

async function paintSvg(pen: CanvasRenderingContext2D, svg: SVGSVGElement, box: DOMRect): Promise<void> {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = [svg, ...svg.querySelectorAll('*')];
  [copy, ...copy.querySelectorAll('*')].forEach((element, i) => {
    const style = getComputedStyle(originals[i]!);
    for (const name of SVG_STYLES) element.setAttribute(name, style.getPropertyValue(name));
    element.removeAttribute('style');
    element.removeAttribute('class');
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(box.width));
  copy.setAttribute('height', String(box.height));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  pen.drawImage(image, box.x, box.y, box.width, box.height);
}
