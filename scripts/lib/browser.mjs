import fs from 'node:fs';
import { which } from './process.mjs';

const MAC_APPLICATIONS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The Chromium or Chrome the page tests drive; CHROME_PATH says which one if there are several. */
export function findChromium() {
  const chosen = process.env.CHROME_PATH;
  if (chosen) return fs.existsSync(chosen) ? chosen : undefined;
  return (
    which('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable') ??
    MAC_APPLICATIONS.find((application) => fs.existsSync(application))
  );
}
