import { FRAME_BODY, STYLES } from '@onefile/pages';
import { setSiteLinks } from '../components/site-link.ts';
import { hearForms } from '../embed/forms.ts';
import { openFrame } from '../embed/frame.ts';
import frameStyles from '../embed/embed.css?inline';
import { asksForFigure } from './address.ts';
import ownStyles from './one-file.css?inline';
import { pageAddress } from './page-address.ts';
import { showPages } from './views.ts';

/** The one file: a figure by itself where the address asks for one, and else the site. */
const figure = asksForFigure(location.hash);

const styles = new CSSStyleSheet();
styles.replaceSync(figure ? frameStyles : STYLES + ownStyles);
document.adoptedStyleSheets = [styles];
document.querySelector('style')?.remove();
setSiteLinks(pageAddress);
hearForms();

if (figure) {
  document.body.innerHTML = FRAME_BODY;
  // In a page of its own there is no reason to leave it.
  if (window.parent === window)
    for (const link of document.querySelectorAll('a[target]')) link.removeAttribute('target');
  openFrame({
    main: document.querySelector('main')!,
    full: document.querySelector<HTMLAnchorElement>('a.full')!,
  });
} else {
  showPages();
}

// The two have nothing in common but the engine: from one to the other the file starts anew.
addEventListener('hashchange', () => {
  if (asksForFigure(location.hash) !== figure) location.reload();
});
