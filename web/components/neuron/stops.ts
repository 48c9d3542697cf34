import { html, type TemplateResult } from 'lit';
import { formatNumber } from '../format-number.ts';

/** Settings of a figure: numbers by name. */
export type Settings = Readonly<Record<string, number>>;

/** A setting as a slider over a few places. */
export interface Stops {
  readonly label: string | TemplateResult;
  /** What a screen reader calls it. */
  readonly name: string;
  readonly places: readonly number[];
}

/** The slider of one setting, with its value beside it. */
export function stopSlider(
  { label, name, places }: Stops,
  value: number,
  change: (value: number) => void,
): TemplateResult {
  const text = formatNumber(value);
  return html`<label
    ><span class="label"><span>${label}</span><b>${text}</b></span>
    <input
      type="range"
      min="0"
      max=${places.length - 1}
      step="1"
      aria-label=${name}
      aria-valuetext=${text}
      .value=${String(places.indexOf(value))}
      @input=${(event: Event) => change(places[Number((event.target as HTMLInputElement).value)]!)}
    />
  </label>`;
}

/** `a=2;bias=0` as settings; throws where one is not among the places, and says which attribute that was. */
export function readSettings(
  text: string,
  stops: Readonly<Record<string, Stops>>,
  attribute = 'asked',
): Settings {
  const settings: Record<string, number> = {};
  for (const part of text.split(';').filter(Boolean)) {
    const [name = '', value] = part.split('=');
    const known = Object.hasOwn(stops, name) ? stops[name] : undefined;
    if (!known?.places.includes(Number(value)))
      throw new RangeError(
        `${attribute}="${text.slice(0, 60)}": ${known ? `${name} is one of ${known.places.join(', ')}` : `there are the settings ${Object.keys(stops).join(', ')}`}; got “${part.slice(0, 24)}”.`,
      );
    settings[name] = Number(value);
  }
  return settings;
}

/** What `readSettings` reads, of what is different from the first settings; null where nothing is. */
export function settingsText(settings: Settings, first: Settings): string | null {
  const changed = Object.entries(settings).filter(([name, value]) => value !== first[name]);
  return changed.length === 0 ? null : changed.map(([name, value]) => `${name}=${value}`).join(';');
}
