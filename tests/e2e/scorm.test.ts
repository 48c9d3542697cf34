import fs from 'node:fs';
import { strFromU8, unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { quizSettings, scormOptions, scormPage } from '../../scripts/build-scorm.mjs';
import { scormPackage } from '../../scripts/lib/scorm-package.mjs';
import { useHost } from './host.ts';
import { QuizPlayer } from './quiz-player.ts';
import { violations } from './violations.ts';

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

interface Platform {
  /** The package's files. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  open(where: 'course.html' | 'package/index.html'): Promise<Page>;
}

function usePlatform(words: string): Platform {
  const host = useHost();
  let files: Record<string, Uint8Array>;

  beforeAll(async () => {
    const options = scormOptions(words.split(' '), await quizSettings());
    files = unzipSync(scormPackage(await scormPage(), options));
    host.put('course.html', LMS);
    host.put('scorm12.js', fs.readFileSync('node_modules/scorm-again/dist/scorm12.js'));
    for (const [name, content] of Object.entries(files)) host.put(`package/${name}`, content);
  }, 180_000);

  return {
    get files() {
      return files;
    },
    open: (where) => host.open(where, { viewport: { width: 900, height: 1000 } }),
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
    const page = await platform.open('course.html');
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
    const page = await platform.open('package/index.html');
    const player = new QuizPlayer(page.mainFrame());
    await player.ready();
    await page.getByText('No course platform was found').waitFor();
    await player.answer(true);
    expect((await player.result()).answered).toBe(1);
    expect(await page.locator('bn-quiz a[href]').count()).toBe(0);
  });

  it('can be read and used by everyone', async () => {
    const page = await platform.open('package/index.html');
    const player = new QuizPlayer(page.mainFrame());
    await player.ready();
    expect(await violations(page)).toEqual([]);
  });

  it('has what it needs and no more, and says under which licence', () => {
    expect(strFromU8(platform.files['LICENSE.txt']!)).toContain('MIT License');
    expect(Object.keys(platform.files).filter((name) => name.endsWith('.wasm'))).toHaveLength(2);
    const size = Object.values(platform.files).reduce((sum, { length }) => sum + length, 0);
    expect(size).toBeLessThan(600_000);
  });
});
