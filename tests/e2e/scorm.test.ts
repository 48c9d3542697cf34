import { once } from 'node:events';
import fs from 'node:fs';
import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import axe from 'axe-core';
import { strFromU8, unzipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { quizSettings, scormOptions, scormPage } from '../../scripts/build-scorm.mjs';
import { scormPackage } from '../../scripts/lib/scorm-package.mjs';
import { launch } from './browser.ts';
import { QuizPlayer } from './quiz-player.ts';

/*
 * The package, unzipped and served as a course platform does, in a frame beside a run-time that platforms use (scorm-again). The
 * platform's database is the page's own storage.
 */
const LMS = `<!doctype html><title>A course</title>
<script src="/scorm12.js"></script>
<script>
  const API = new Scorm12API({ autocommit: false, logLevel: 5 });
  const stored = localStorage.getItem('cmi');
  if (stored) API.loadFromJSON({ ...JSON.parse(stored) }, '');
  API.cmi.student_data.mastery_score = '60';
  const keep = () => localStorage.setItem('cmi', JSON.stringify(API.cmi));
  API.on('LMSCommit', keep);
  API.on('LMSFinish', () => { keep(); localStorage.setItem('finished', Number(localStorage.getItem('finished')) + 1); });
  window.API = API;
</script>
<iframe src="/package/index.html" title="The activity" width="800" height="900"></iframe>`;

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

interface Platform {
  /** The package's files. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  open(where: '/course' | '/package/index.html'): Promise<Page>;
}

/** Every test fails on a console error, an uncaught error and a request to another origin. */
function usePlatform(words: string): Platform {
  let files: Record<string, Uint8Array>;
  let server: Server;
  let browser: Browser;
  let address: string;
  let problems: string[] = [];

  beforeAll(async () => {
    const options = scormOptions(words.split(' '), await quizSettings());
    files = unzipSync(scormPackage(await scormPage(), options));
    const runtime = fs.readFileSync(path.resolve('node_modules/scorm-again/dist/scorm12.js'));
    server = http
      .createServer((request, response) => {
        const name = decodeURIComponent((request.url ?? '').replace(/\?.*$/, ''));
        const inside = name.startsWith('/package/') ? files[name.slice('/package/'.length)] : undefined;
        const content = name === '/course' ? LMS : name === '/scorm12.js' ? runtime : inside;
        if (content === undefined) return void response.writeHead(name === '/favicon.ico' ? 204 : 404).end();
        // Platforms serve what they do not know as bytes.
        const type = name === '/course' ? TYPES['.html'] : TYPES[path.extname(name)];
        response.writeHead(200, { 'Content-Type': type ?? 'application/octet-stream' });
        response.end(content);
      })
      .listen(0, 'localhost');
    await once(server, 'listening');
    address = `http://localhost:${(server.address() as AddressInfo).port}`;
    browser = await launch();
  }, 180_000);

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    const seen = problems;
    problems = [];
    expect(seen).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  return {
    get files() {
      return files;
    },
    async open(where) {
      const context = await browser.newContext({ viewport: { width: 900, height: 1000 } });
      const page = await context.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(`console: ${message.text()}`);
      });
      page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
      page.on('request', (request) => {
        const { protocol, origin } = new URL(request.url());
        if (protocol.startsWith('http') && origin !== address)
          problems.push(`request to another origin: ${request.url()}`);
      });
      await page.goto(`${address}${where}`);
      return page;
    },
  };
}

async function activity(page: Page): Promise<QuizPlayer> {
  const frame = await (await page.waitForSelector('iframe')).contentFrame();
  const player = new QuizPlayer(frame!);
  await player.ready();
  await frame!.getByText('recorded by the course platform').waitFor();
  return player;
}

const cmi = (page: Page, name: string): Promise<string> =>
  page.evaluate((element) => {
    const { API } = window as unknown as { API: { getCMIValue(name: string): unknown } };
    return String(API.getCMIValue(`cmi.${element}`));
  }, name);

describe('the SCORM package', () => {
  const platform = usePlatform('--questions per-feature,xhat,bias --shuffle off --mastery 80');

  it('is recorded by a platform, goes on after a reload, and is passed in the end', async () => {
    const page = await platform.open('/course');
    const player = await activity(page);
    expect(await cmi(page, 'core.lesson_status')).toBe('incomplete');
    expect(await cmi(page, 'core.score.raw')).toBe('');

    const first = await player.answer(true);
    const number = await player.answer(false);
    expect([first.id, number.id]).toEqual(['per-feature', 'xhat']);
    expect(await cmi(page, 'core.score.raw')).toBe('33.33');
    expect([await cmi(page, 'core.score.min'), await cmi(page, 'core.score.max')]).toEqual(['0', '100']);
    expect(await cmi(page, 'core.lesson_status')).toBe('incomplete');
    expect(await cmi(page, 'interactions._count')).toBe('2');
    const kept = JSON.parse((await page.evaluate(() => localStorage.getItem('cmi')))!) as {
      interactions: Record<string, Record<string, unknown>>;
      core: Record<string, unknown>;
    };
    // Else the platform would begin anew next time.
    expect(kept.core['exit']).toBe('suspend');
    expect(kept.core['session_time']).toMatch(/^\d{2,4}:\d\d:\d\d(\.\d{1,2})?$/);
    expect(kept.interactions['0']).toMatchObject({ id: 'per-feature', result: 'correct', weighting: '1' });
    expect(kept.interactions['1']).toMatchObject({ id: 'xhat', type: 'numeric', result: 'wrong' });
    const before = await player.result();

    await page.reload();
    expect(await page.evaluate(() => localStorage.getItem('finished'))).toBe('1');
    const again = await activity(page);
    expect(await again.result()).toEqual(before);

    const last = await again.answer(true);
    expect(last.id).toBe('bias');
    expect(await cmi(page, 'core.score.raw')).toBe('66.67');
    // The platform's own number, 60, counts more than the package's, 80.
    expect(await cmi(page, 'core.lesson_status')).toBe('passed');
    expect(await cmi(page, 'interactions._count')).toBe('3');

    await page.evaluate(() => document.querySelector('iframe')!.remove());
    expect(await page.evaluate(() => localStorage.getItem('finished'))).toBe('2');
    expect(await cmi(page, 'core.lesson_status')).toBe('passed');
  });

  it('works alone, and says that nothing is recorded', async () => {
    const page = await platform.open('/package/index.html');
    const player = new QuizPlayer(page.mainFrame());
    await player.ready();
    await page.getByText('No course platform was found').waitFor();
    await player.answer(true);
    expect((await player.result()).answered).toBe(1);
    expect(await page.locator('bn-quiz a[href]').count()).toBe(0);
  });

  it('can be read and used by everyone', async () => {
    const page = await platform.open('/package/index.html');
    const player = new QuizPlayer(page.mainFrame());
    await player.ready();
    await page.evaluate(axe.source);
    const violations = await page.evaluate(async () => {
      const { axe: checker } = window as unknown as {
        axe: { run(): Promise<{ violations: { id: string }[] }> };
      };
      return (await checker.run()).violations.map(({ id }) => id);
    });
    expect(violations).toEqual([]);
  });

  it('has what it needs and no more, and says under which licence', () => {
    expect(strFromU8(platform.files['LICENSE.txt']!)).toContain('MIT License');
    expect(Object.keys(platform.files).filter((name) => name.endsWith('.wasm'))).toHaveLength(2);
    const size = Object.values(platform.files).reduce((sum, { length }) => sum + length, 0);
    expect(size).toBeLessThan(600_000);
  });
});
