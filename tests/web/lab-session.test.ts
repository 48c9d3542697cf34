import { describe, expect, it } from 'vitest';
import type { Lab } from '../../web/client/lab.ts';
import { LabSession } from '../../web/components/lab/session.ts';
import { defaultLab, type LabValue } from '../../web/protocol/lab.ts';
import type { LabSetup } from '../../web/protocol/lab-session.ts';

/** A Lab that writes down what it is asked, and answers when it is told to. */
class FakeLab {
  status: Lab['status'] = 'empty';
  asked: string[] = [];
  #answers: ((error?: Error) => void)[] = [];

  #ask(what: string): Promise<void> {
    this.asked.push(what);
    return new Promise((resolve, reject) => {
      this.#answers.push((error) => (error ? reject(error) : resolve()));
    });
  }

  open(setup: LabSetup): Promise<void> {
    return this.#ask(`open ${setup.data.data.kind}`);
  }

  change(arms: LabSetup['arms']): Promise<void> {
    return this.#ask(`change ${arms.map(({ optimizer }) => optimizer?.lr).join(' ')}`);
  }

  async answer(error?: Error): Promise<void> {
    this.#answers.shift()?.(error);
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
  }
}

function setUp() {
  const lab = new FakeLab();
  const heard: string[] = [];
  const session = new LabSession(lab as unknown as Lab, {
    applied: (value, restarted) => heard.push(`applied ${value.data} ${value.lr} ${restarted ?? 'on'}`),
    refused: (error, kept) => heard.push(`refused ${(error as Error).message} ${kept?.data}`),
  });
  const submit = (change: Partial<LabValue>) => session.submit({ ...defaultLab, ...change }, undefined);
  return { lab, heard, submit };
}

describe('a Lab kept at the newest value', () => {
  it('is opened once, changed while it runs, and opened anew for what cannot change', async () => {
    const { lab, heard, submit } = setUp();
    submit({});
    await lab.answer();
    submit({ lr: 0.3 });
    await lab.answer();
    submit({ lr: 0.3, data: 'moons' });
    await lab.answer();
    expect(lab.asked).toEqual(['open spirals', 'change 0.3 0.3', 'open moons']);
    expect(heard).toEqual(['applied spirals 0.1 ', 'applied spirals 0.3 on', 'applied moons 0.3 data']);
  });

  it('asks nothing of the engine for what is only looked at', async () => {
    const { lab, heard, submit } = setUp();
    submit({});
    await lab.answer();
    submit({ panels: ['trace'], speed: 5 });
    await lab.answer();
    expect(lab.asked).toEqual(['open spirals']);
    expect(heard).toHaveLength(2);
  });

  it('leaves out what came and went while the engine was busy', async () => {
    const { lab, submit } = setUp();
    submit({});
    for (const lr of [0.2, 0.3, 0.4]) submit({ lr });
    await lab.answer();
    await lab.answer();
    expect(lab.asked).toEqual(['open spirals', 'change 0.4 0.4']);
  });

  it('says what was refused and what is still there', async () => {
    const { lab, heard, submit } = setUp();
    submit({});
    await lab.answer();
    submit({ data: 'moons' });
    await lab.answer(new Error('no'));
    submit({ net: 'conv' });
    await lab.answer();
    expect(heard.slice(1)).toEqual([
      'refused no spirals',
      expect.stringMatching(/^refused A’s network: convolutions need pictures.* spirals$/),
    ]);
    // The next one starts from what is there.
    submit({ lr: 1 });
    expect(lab.asked.at(-1)).toBe('change 1 1');
  });

  it('says nothing of a refusal that another value has overtaken', async () => {
    const { lab, heard, submit } = setUp();
    submit({ data: 'xor' });
    submit({ data: 'moons' });
    await lab.answer(new Error('no'));
    await lab.answer();
    expect(heard).toEqual(['applied moons 0.1 ']);
  });

  it('is opened again when the engine has failed', async () => {
    const { lab, submit } = setUp();
    submit({});
    await lab.answer();
    lab.status = 'failed';
    submit({ lr: 1 });
    expect(lab.asked.at(-1)).toBe('open spirals');
  });
});
