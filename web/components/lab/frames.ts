import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Lab } from '../../client/lab.ts';
import type { LabWatch } from '../../protocol/lab-session.ts';

/** A panel that shows a Lab: a Lit element with the Lab as a property. */
export type LabPanel = ReactiveControllerHost & Element & { lab: Lab | undefined };

/** Redraws at most this often, in milliseconds: twenty times a second. */
const PAUSE = 50;
/** Panels a screen away are kept up to date, so that scrolling to one does not show it catching up. */
const MARGIN = '100% 0px';

/**
 * Makes a panel follow its Lab: `#frames = new LabFrames(this)` in the element is all it needs.
 *
 * However many panels and Labs a page has, they are asked to update in one animation frame, at most twenty times a second,
 * and each draws the newest frame there is (`lab.frame`). While training runs, a panel far off screen or not displayed is
 * left alone until it comes near. The host must have a box (not `display: contents`), or it is never near.
 */
export class LabFrames implements ReactiveController {
  readonly #panel: LabPanel;
  #lab: Lab | undefined;
  #wanted: LabWatch | undefined;
  #near = true;
  #missed = false;

  constructor(panel: LabPanel) {
    this.#panel = panel;
    panel.addController(this);
  }

  /**
   * What this panel needs in each frame. The Lab is asked for what all panels want together, while it trains for what those
   * near the screen want; where two want the same part, the one that joined first is served.
   */
  want(wanted: LabWatch | undefined): void {
    if (JSON.stringify(wanted) === JSON.stringify(this.#wanted)) return;
    this.#wanted = wanted;
    if (this.#lab) tellWatch(this.#lab);
  }

  /** What this panel wants now. */
  get wanted(): LabWatch | undefined {
    return this.#active ? this.#wanted : undefined;
  }

  get #active(): boolean {
    return this.#near || this.#lab?.status !== 'running';
  }

  hostConnected(): void {
    panels.set(this.#panel, this);
    nearby()?.observe(this.#panel);
    this.#follow(this.#panel.lab);
  }

  hostDisconnected(): void {
    nearby()?.unobserve(this.#panel);
    panels.delete(this.#panel);
    waiting.delete(this.#panel);
    this.#follow(undefined);
    this.#near = true;
  }

  hostUpdate(): void {
    this.#missed = false;
    if (this.#panel.isConnected) this.#follow(this.#panel.lab);
  }

  /** Called by the observer of what is on screen. */
  seen(near: boolean): void {
    if (near === this.#near) return;
    this.#near = near;
    if (near && this.#missed) ask(this.#panel);
    if (this.#lab) tellWatch(this.#lab);
  }

  #follow(lab: Lab | undefined): void {
    if (lab === this.#lab) return;
    const before = this.#lab;
    this.#lab = lab;
    for (const event of ['frame', 'status']) {
      before?.removeEventListener(event, this.#heard);
      lab?.addEventListener(event, this.#heard);
    }
    if (before) {
      followers.get(before)?.delete(this);
      tellWatch(before);
    }
    if (lab) {
      if (!followers.has(lab)) followers.set(lab, new Set());
      followers.get(lab)?.add(this);
      tellWatch(lab);
    }
  }

  readonly #heard = ({ type }: Event): void => {
    if (this.#active) ask(this.#panel);
    else this.#missed = true;
    if (type === 'status' && this.#lab) tellWatch(this.#lab);
  };
}

const panels = new Map<Element, LabFrames>();
const followers = new WeakMap<Lab, Set<LabFrames>>();

const waiting = new Set<LabPanel>();
let asked = false;
let last = -Infinity;

function ask(panel: LabPanel): void {
  waiting.add(panel);
  if (asked) return;
  asked = true;
  const rest = last + PAUSE - performance.now();
  if (rest > 0) setTimeout(() => requestAnimationFrame(update), rest);
  else requestAnimationFrame(update);
}

function update(): void {
  asked = false;
  last = performance.now();
  const now = [...waiting];
  waiting.clear();
  for (const panel of now) panel.requestUpdate();
}

let observer: IntersectionObserver | undefined;

/** One observer for all panels; none where the browser has none, and every panel counts as near. */
function nearby(): IntersectionObserver | undefined {
  if (typeof IntersectionObserver === 'undefined') return undefined;
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) panels.get(target)?.seen(isIntersecting);
    },
    { rootMargin: MARGIN },
  );
  return observer;
}

const told = new WeakMap<Lab, string>();
const telling = new Set<Lab>();

/** Once for all changes of the moment, and only what is new. */
function tellWatch(lab: Lab): void {
  if (telling.has(lab)) return;
  telling.add(lab);
  queueMicrotask(() => {
    telling.delete(lab);
    const wants = [...(followers.get(lab) ?? [])].map(({ wanted }) => wanted ?? {});
    const watch: LabWatch = Object.assign({}, ...wants.reverse());
    const text = JSON.stringify(watch);
    if (text === (told.get(lab) ?? '{}')) return;
    told.set(lab, text);
    // A session that cannot answer says why by its status.
    lab.watch(watch).catch(() => undefined);
  });
}
