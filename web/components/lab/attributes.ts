import { decodeLab, defaultLab, type LabValue } from '../../protocol/lab.ts';
import { type LabPresetName, labPresetNames, labPresets, presetLab } from '../../protocol/lab-presets.ts';
import { viewProperties } from '../../protocol/lab-properties.ts';
import { parseProperty } from '../../protocol/properties.ts';

/** What a page may write on a Lab; an attribute that is not there is null. */
export interface LabAttributes {
  preset: string | null | undefined;
  experiment: string | null | undefined;
  controls: string | null | undefined;
  panels: string | null | undefined;
}

/**
 * The experiment the attributes ask for: a preset, or the text of a link, then what is to be seen of it. An attribute that
 * cannot be read is passed over, and the first problem is told.
 */
export function labOfAttributes(attributes: LabAttributes): { value: LabValue; problem: string | undefined } {
  const { preset, experiment, controls, panels } = attributes;
  const problems: string[] = [];
  let value = defaultLab;
  if (preset) {
    if (isPreset(preset)) value = presetLab(preset);
    else problems.push(`preset: expected ${labPresetNames.join(' or ')}, got “${preset.slice(0, 24)}”.`);
  }
  if (experiment) {
    const read = decodeLab(experiment);
    if (read.value) ({ value } = read);
    else problems.push(`experiment: ${read.problem}.`);
  }
  if (controls) {
    const read = parseProperty(viewProperties.controls, controls);
    if (read.value) value = { ...value, controls: read.value };
    else problems.push(`controls: ${read.problem}.`);
  }
  if (panels !== null && panels !== undefined) {
    const words = panels.trim().replaceAll(/[\s,]+/g, ',');
    const read = parseProperty(viewProperties.panels, words);
    if (read.value) value = { ...value, panels: read.value };
    else problems.push(`panels: ${read.problem}.`);
  }
  return { value, problem: problems[0] };
}

export function isPreset(name: string): name is LabPresetName {
  return Object.hasOwn(labPresets, name);
}
