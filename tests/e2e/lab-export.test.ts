import fs from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { readSafetensors } from '../../web/export/safetensors.ts';
import { useSite } from './browser.ts';

const site = useSite();

async function open(link = ''): Promise<{ page: Page; panel: Locator; lab: Locator }> {
  const page = await site.open(`lab.html#lab=1;${link}stop_steps=30;panels=trace,export`, {
    reducedMotion: 'reduce',
  });
  page.setDefaultTimeout(10_000);
  const lab = page.locator('bn-lab');
  await lab.locator('bn-lab-run-bar button.run:enabled').waitFor();
  return { page, lab, panel: page.locator('bn-lab-export') };
}

async function train(lab: Locator): Promise<void> {
  await lab.locator('bn-lab-run-bar button.run').click();
  await expect.poll(() => lab.locator('p.said').textContent()).toMatch(/^Stopped after step/);
}

/** The file a button gives. */
async function taken(page: Page, button: Locator): Promise<{ name: string; bytes: Uint8Array }> {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return { name: download.suggestedFilename(), bytes: fs.readFileSync(await download.path()) };
}

const textOf = ({ bytes }: { bytes: Uint8Array }) => new TextDecoder().decode(bytes);

describe('what can be taken along', () => {
  it('are programs, to read and to save, of A and of B', async () => {
    const { page, panel } = await open();
    const pytorch = await taken(page, panel.getByRole('button', { name: 'PyTorch program', exact: true }));
    expect(pytorch.name).toBe('batchnorm-lab-a.py');
    expect(textOf(pytorch)).toContain('nn.BatchNorm1d(');
    expect(textOf(pytorch)).toMatch(/^The experiment: http:.*lab\.html#lab=1;/m);
    const keras = await taken(page, panel.getByRole('button', { name: 'Keras program', exact: true }));
    expect(keras.name).toBe('batchnorm-lab-a-keras.py');
    expect(textOf(keras)).toContain('import keras');
    await panel.getByRole('radio', { name: 'B' }).check();
    await panel.getByRole('button', { name: 'Read the PyTorch program' }).click();
    const read = await panel.getByRole('region', { name: 'PyTorch program' }).innerText();
    expect(read).toContain('Model B of an experiment');
    expect(read).not.toContain('BatchNorm1d');
  });

  it('is the run they start from, with the losses of this page', async () => {
    const { page, panel } = await open();
    await panel.getByLabel('Steps to record').fill('25');
    const { name, bytes } = await taken(page, panel.getByRole('button', { name: 'Recorded run' }));
    expect(name).toBe('batchnorm-lab-a.safetensors');
    const tensors = readSafetensors(bytes);
    expect(tensors.get('losses')!.data).toHaveLength(25);
    expect(tensors.get('initial.0.weight')!.shape[1]).toBe(2);
    const rows = tensors.get('train_x')!.shape[0]!;
    expect([...tensors.get('batch_members')!.data].every((member) => member >= 0 && member < rows)).toBe(
      true,
    );
    await expect
      .poll(() => panel.locator('.done').innerText())
      .toBe('batchnorm-lab-a.safetensors downloaded: 25 steps.');
    await panel.getByLabel('Steps to record').fill('0');
    expect(await panel.getByRole('button', { name: 'Recorded run' }).isDisabled()).toBe(true);
  });

  it('are weights, which come back into the model they were saved from', async () => {
    const { page, panel, lab } = await open();
    await train(lab);
    const file = await taken(page, panel.getByRole('button', { name: 'Save as safetensors' }));
    expect([...readSafetensors(file.bytes).keys()].slice(0, 2)).toEqual(['0.weight', '1.weight']);
    const shown = () => lab.locator('bn-lab-trace figcaption').innerText();
    const trained = (await shown()).replace(/^After \d+ steps?/, '');
    await lab.getByRole('button', { name: 'Rewind' }).click();
    await expect.poll(shown).toMatch(/^Before the first step/);
    const upload = { name: 'mine.safetensors', mimeType: '', buffer: Buffer.from(file.bytes) };
    await panel.locator('input[type=file]').setInputFiles(upload);
    await expect.poll(() => panel.locator('.done').innerText()).toBe('mine.safetensors is in A now.');
    // A is again what it was after training; only B was rewound.
    const partOfA = (text: string) => /A has .*?\./s.exec(text)?.[0] ?? text;
    const ofA = (text: string) => partOfA(text).split(' B has ')[0];
    await expect.poll(async () => ofA(await shown())).toBe(ofA(trained));
  });

  it('are refused where they do not fit, and then nothing changes', async () => {
    const { panel, lab } = await open();
    const before = await lab.locator('bn-lab-trace figcaption').innerText();
    const upload = { name: 'other.safetensors', mimeType: '', buffer: Buffer.from('not a file of tensors') };
    await panel.locator('input[type=file]').setInputFiles(upload);
    await expect
      .poll(() => panel.getByRole('alert').innerText())
      .toMatch(
        /^other\.safetensors was not taken over, and nothing has changed\. .*expected a safetensors file/,
      );
    expect(await lab.locator('bn-lab-trace figcaption').innerText()).toBe(before);
  });

  it('is the trace as a table', async () => {
    const { page, panel, lab } = await open();
    await train(lab);
    const { name, bytes } = await taken(page, panel.getByRole('button', { name: 'Save as CSV' }));
    expect(name).toBe('batchnorm-lab-trace.csv');
    const [head, ...rows] = textOf({ bytes }).trim().split('\n');
    expect(head).toMatch(/^arm,step,epoch,batch_loss,/);
    expect(rows.filter((row) => row.startsWith('A,')).at(-1)).toMatch(/^A,30,/);
    expect(rows.filter((row) => row.startsWith('B,')).at(-1)).toMatch(/^B,30,/);
  });

  it('are pictures of the panels, twice as large as on the screen', async () => {
    const { page, panel, lab } = await open();
    await train(lab);
    const box = await lab.locator('bn-lab-trace').boundingBox();
    const { name, bytes } = await taken(page, panel.getByRole('button', { name: 'Loss and accuracy' }));
    expect(name).toBe('batchnorm-lab-loss-and-accuracy.png');
    expect([...bytes.subarray(1, 4)]).toEqual([...new TextEncoder().encode('PNG')]);
    const width = new DataView(bytes.buffer, bytes.byteOffset).getUint32(16);
    expect(width).toBe(Math.ceil((box!.width + 32) * 2));
    // Not one colour only: how many there are, as the page's own decoder sees it.
    const colors = await page.evaluate(async (base64) => {
      const image = new Image();
      image.src = `data:image/png;base64,${base64}`;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const pen = canvas.getContext('2d')!;
      pen.drawImage(image, 0, 0);
      const pixels = new Uint32Array(pen.getImageData(0, 0, image.width, image.height).data.buffer);
      return new Set(pixels).size;
    }, Buffer.from(bytes).toString('base64'));
    expect(colors).toBeGreaterThan(50);
  });
});
