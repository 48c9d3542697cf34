import fs from 'node:fs';
import path from 'node:path';
import { which } from './process.mjs';

const MAC_APPLICATIONS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * The Chromium or Chrome the page tests drive; CHROME_PATH says which one if there are several. The one without windows, where
 * there is it, takes a third less time for the same tests.
 */
export function findChromium() {
  const chosen = process.env.CHROME_PATH;
  if (chosen) return fs.existsSync(chosen) ? chosen : undefined;
  return (
    which(
      'chromium-headless-shell',
      'chromium',
      'chromium-browser',
      'google-chrome',
      'google-chrome-stable',
    ) ?? MAC_APPLICATIONS.find((application) => fs.existsSync(application))
  );
}

/** Firefox, which speaks WebDriver BiDi itself. */
export const findFirefox = () => which('firefox-esr', 'firefox');

/** WebKitGTK's driver, and the browser it drives, which lies in a directory that is named after machine and version. */
export const findWebKitDriver = () => which('WebKitWebDriver');

export function findMiniBrowser() {
  const lists = (directory) => (fs.existsSync(directory) ? fs.readdirSync(directory) : []);
  for (const library of ['/usr/lib', '/usr/libexec'])
    for (const machine of ['.', ...lists(library)])
      for (const version of ['webkit2gtk-4.1', 'webkitgtk-6.0', 'webkit2gtk-4.0']) {
        const candidate = path.join(library, machine, version, 'MiniBrowser');
        if (fs.existsSync(candidate)) return candidate;
      }
  return undefined;
}
