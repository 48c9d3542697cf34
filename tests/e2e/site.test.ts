import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '../../scripts/serve.mjs';
import { useSite } from './browser.ts';

/** The one file holds its scripts and styles itself, under a policy of its own: one-file.test.ts. */
const pages = fs
  .readdirSync('dist')
  .filter((name) => name.endsWith('.html') && name !== 'batchnorm-lab.html');

describe('the built site', () => {
  const site = useSite();

  it('is served under the content security policy', async () => {
    const response = await fetch(site.address);
    expect(response.headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('leaves the one file to the policy it has inside', async () => {
    const { headers } = await fetch(new URL('batchnorm-lab.html', site.address));
    expect(headers.get('content-security-policy')).toBeNull();
    const page = await site.open('batchnorm-lab.html');
    await page.getByRole('heading', { name: 'What is in this file' }).waitFor();
  });

  it.each(pages.filter((name) => name !== 'embed.html'))(
    '%s opens, also on a phone, with one heading and nothing wider than the window',
    async (name) => {
      for (const viewport of [
        { width: 1280, height: 800 },
        { width: 320, height: 640 },
      ]) {
        const page = await site.open(name, { viewport });
        expect(await page.locator('h1').count()).toBe(1);
        await page.waitForLoadState('networkidle');
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow).toBe(0);
      }
    },
  );

  it.each(pages)('%s has no script or style in the page itself', (name) => {
    const html = fs.readFileSync(path.join('dist', name), 'utf8');
    expect(html).not.toMatch(/<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=/i);
  });

  it.each([
    '../package.json',
    '..%2fpackage.json',
    '%2e%2e/%2e%2e/package.json',
    '..%5cpackage.json',
    '%00',
    '%',
    '/',
    '//etc',
  ])('answers a request for %s with 404', async (path) => {
    const { hostname, port, pathname } = new URL(site.address);
    expect(await status(hostname, port, pathname + path)).toBe(404);
    expect(await status(hostname, port, `/${path}`)).toBe(404);
  });
});

/** The status of a raw request: fetch would tidy the path up before sending it. */
async function status(hostname: string, port: string, rawPath: string): Promise<number | undefined> {
  const { get } = await import('node:http');
  return new Promise((resolve, reject) => {
    get({ hostname, port, path: rawPath }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}
