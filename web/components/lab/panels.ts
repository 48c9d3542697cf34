import { taskOf } from '../../protocol/lab-compile.ts';
import type { LabExamples, LabValue } from '../../protocol/lab.ts';
import type { PanelName } from '../../protocol/lab-properties.ts';
import type { Lab } from '../../client/lab.ts';

/** What every panel is given; those that need no more than the Lab leave the rest alone. */
export interface PanelElement extends HTMLElement {
  lab: Lab | undefined;
  value: LabValue | undefined;
  examples: LabExamples | undefined;
}

/** The element of each panel, loaded when it is first opened. */
export const PANEL_ELEMENTS: Readonly<Record<PanelName, { tag: string; load(): Promise<unknown> }>> = {
  trace: { tag: 'bn-lab-trace', load: () => import('./trace.ts') },
  map: { tag: 'bn-lab-map', load: () => import('./map.ts') },
  pictures: { tag: 'bn-lab-pictures', load: () => import('./pictures.ts') },
  mates: { tag: 'bn-lab-mates', load: () => import('./mates.ts') },
  layers: { tag: 'bn-lab-layers', load: () => import('./layers.ts') },
  statistics: { tag: 'bn-lab-statistics', load: () => import('./statistics.ts') },
  'slow-motion': { tag: 'bn-lab-slow-motion', load: () => import('./slow-motion.ts') },
  divergence: { tag: 'bn-lab-divergence', load: () => import('./divergence.ts') },
  sweep: { tag: 'bn-lab-sweep', load: () => import('./sweep.ts') },
  bands: { tag: 'bn-lab-bands', load: () => import('./bands.ts') },
  export: { tag: 'bn-lab-export', load: () => import('./export.ts') },
};

/** The elements that take examples of the reader's own. */
export const OWN_DATA = {
  drawn: { tag: 'bn-lab-draw', title: 'Points you draw', load: () => import('./draw-points.ts') },
  csv: { tag: 'bn-lab-csv', title: 'Your own CSV', load: () => import('./csv-import.ts') },
} as const;

/** Panels that have something to show for this data. */
export function usefulPanels(value: LabValue, examples?: LabExamples): readonly PanelName[] {
  const { inputs, classes } = shapeOf(value, examples);
  return (Object.keys(PANEL_ELEMENTS) as PanelName[]).filter((panel) => {
    // Over two features classes are drawn, not values.
    if (panel === 'map') return inputs < 2 || (inputs === 2 && classes > 0);
    if (panel === 'pictures') return classes > 0;
    return true;
  });
}

/** The open panels: where there is no plane to draw predictions on, pictures and confusion stand in for the map. */
export function shownPanels(value: LabValue, examples?: LabExamples): readonly PanelName[] {
  const useful = usefulPanels(value, examples);
  const standIn = value.panels.map((panel) => (useful.includes(panel) ? panel : 'pictures'));
  return [...new Set(standIn)].filter((panel) => useful.includes(panel));
}

/** Nothing is known of a table before it is opened. */
function shapeOf(value: LabValue, examples: LabExamples | undefined): { inputs: number; classes: number } {
  if (value.data === 'drawn') return { inputs: 2, classes: examples?.classes ?? 2 };
  if (value.data === 'csv' && !examples) return { inputs: 0, classes: 0 };
  return taskOf(value, examples);
}
