import { PAGES } from '@onefile/pages';
import { loadWhenNear } from '../embed/near.ts';
import '../components/theme-switch.ts';
import { watchWideBoxes } from '../pages/wide-boxes.ts';
import { movedTo, readInside, START } from './address.ts';

let shown: string | undefined;
/** The last place gone to, of the page that is shown. */
let place: string | undefined;
/** A link was followed, and not the browser's way back. */
let followed = false;

/** Shows the page that the address asks for, and every other as links or the browser's buttons lead there. */
export function showPages(): void {
  document.addEventListener('click', follow);
  // A click on a link is told by both, a step back by both too, but the first comes before the browser scrolls back.
  addEventListener('popstate', arrive);
  addEventListener('hashchange', arrive);
  arrive();
}

function arrive(): void {
  const wanted = readInside(location.hash);
  const file = Object.hasOwn(PAGES, wanted.file) ? wanted.file : START;
  const turned = file !== shown;
  if (turned) {
    show(file);
    if (file !== wanted.file) sayMissing(wanted.file);
  }
  if (wanted.place !== place || turned) {
    place = wanted.place;
    if (place !== undefined) goTo(place, turned);
    else if (turned && followed) beginPage();
  }
  followed = false;
}

function show(file: string): void {
  const { title, body, load } = PAGES[file]!;
  const first = shown === undefined;
  shown = file;
  document.title = title;
  document.body.innerHTML = body;
  if (first) scrollTo(0, 0);
  // Inside a frame other sites would open in it, and most refuse to.
  if (window.parent !== window)
    for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href^="http"]')) {
      link.target = '_blank';
      link.rel = 'noopener';
    }
  watchWideBoxes(document);
  loadWhenNear(document);
  void load();
}

function sayMissing(file: string): void {
  const line = document.createElement('p');
  line.className = 'note';
  line.setAttribute('role', 'alert');
  line.textContent = `There is no page “${file.replace(/\.html$/, '').slice(0, 40)}” in this file. Here is its start.`;
  document.querySelector('main')!.prepend(line);
}

/** A new page is read from its beginning, by eye and by ear. */
function beginPage(): void {
  scrollTo({ top: 0, behavior: 'instant' });
  focusOn(document.querySelector<HTMLElement>('h1'));
}

/** On a page just shown at once: figures that come near grow, and only what stands above the screen is made up for. */
function goTo(id: string, atOnce = false): void {
  const target = document.getElementById(id);
  target?.scrollIntoView(atOnce ? { behavior: 'instant' } : {});
  focusOn(target);
}

function focusOn(element: HTMLElement | null): void {
  if (!element) return;
  if (!element.hasAttribute('tabindex')) {
    element.tabIndex = -1;
    element.addEventListener('blur', () => element.removeAttribute('tabindex'), { once: true });
  }
  element.focus({ preventScroll: true });
}

/**
 * Links within the file. Not left to the browser: in a frame made of a text they would lead out of it. A place in the page that is
 * shown is gone to with the figures' states left in the address as they are.
 */
function follow(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.composedPath().find((one) => one instanceof HTMLAnchorElement);
  const href = link?.getAttribute('href')?.replace(location.href.replace(/#.*$/s, ''), '');
  if (!href?.startsWith('#') || link?.target) return;
  event.preventDefault();
  if (href === '#main') return goTo('main');
  followed = true;
  const wanted = readInside(href);
  const stays = wanted.file === shown && wanted.place !== undefined;
  const hash = stays ? movedTo(location.hash, wanted.place) : href;
  if (hash !== location.hash) location.hash = hash;
  else if (stays) goTo(wanted.place);
}
