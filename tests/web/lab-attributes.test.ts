import { describe, expect, it } from 'vitest';
import { type LabAttributes, labOfAttributes } from '../../web/components/lab/attributes.ts';
import { defaultLab } from '../../web/protocol/lab.ts';
import { presetLab } from '../../web/protocol/lab-presets.ts';

const none: LabAttributes = { preset: null, experiment: null, controls: null, panels: undefined };
const read = (attributes: Partial<LabAttributes>) => labOfAttributes({ ...none, ...attributes });

describe('the attributes of a Lab', () => {
  it('are a preset, or an experiment as in a link, and what is to be seen of it', () => {
    expect(read({})).toEqual({ value: defaultLab, problem: undefined });
    expect(read({ preset: 'lag' }).value).toEqual(presetLab('lag'));
    expect(read({ experiment: '1;lr=0.5;b=same' }).value).toEqual({ ...defaultLab, lr: 0.5, b: {} });
    expect(read({ preset: 'lag', controls: 'none', panels: ' trace  map' }).value).toEqual({
      ...presetLab('lag'),
      controls: 'none',
      panels: ['trace', 'map'],
    });
    expect(read({ panels: '' }).value.panels).toEqual([]);
  });

  it.each([
    [{ preset: 'constructor' }, /^preset: expected start or .*, got “constructor”\.$/],
    [{ experiment: '1;lr=x' }, /^experiment: lr: expected a number from 0 to 1000, got “x”\.$/],
    [{ controls: 'many' }, /^controls: expected few or all or none, got “many”\.$/],
    [{ panels: 'trace maps' }, /^panels: word 2: .* got “maps”\.$/],
  ])('%j is passed over, and told', (attributes, problem) => {
    const got = read(attributes);
    expect(got.value).toEqual(defaultLab);
    expect(got.problem).toMatch(problem);
  });
});
