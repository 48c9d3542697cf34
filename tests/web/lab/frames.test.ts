import type { ReactiveController } from 'lit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Lab } from '../../../web/client/lab.ts';
import type { LabFrames, LabPanel } from '../../../web/components/lab/frames.ts';
import type { LabWatch } from '../../../web/protocol/lab-session.ts';

let Frames: typeof LabFrames;

/** How panels follow a Lab, with time and the browser's animation frames under the test's control. */
describe('LabFrames', () => {
  let see: (panel: Panel, near: boolean) => void;

  beforeEach(async () => {
    // The time of the last redraw belongs to the page, and each test has a page and a clock of its own.
    vi.resetModules();
    Frames = (await import('../../../web/components/lab/frames.ts')).LabFrames;
    vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
    vi.stubGlobal('requestAnimationFrame', (draw: () => void) => setTimeout(draw, 16));
    vi.stubGlobal(
      'IntersectionObserver',
      class {
        constructor(seen: (entries: object[]) => void) {
          see = (target, isIntersecting) => seen([{ target, isIntersecting }]);
        }
        observe() {}
        unobserve() {}
      },
    );
  });

  afterEach(() => {
    vi.advanceTimersByTime(1000);
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('asks all panels in one animation frame, at most twenty times a second', () => {
    const lab = new FakeLab();
    const panels = [new Panel(lab), new Panel(lab), new Panel(new FakeLab())];
    for (const panel of panels) panel.connect();
    const moments = new Set<number>();
    for (const panel of panels) panel.updated = () => moments.add(performance.now());
    for (let ms = 0; ms < 1000; ms++) {
      for (const panel of panels) panel.lab?.dispatchEvent(new Event(ms % 2 ? 'frame' : 'status'));
      vi.advanceTimersByTime(1);
    }
    expect(moments.size).toBeGreaterThan(10);
    expect(moments.size).toBeLessThanOrEqual(20);
    expect(new Set(panels.map(({ updates }) => updates)).size).toBe(1);
  });

  it('leaves a panel alone while training runs and it is off screen, and lets it catch up', () => {
    const lab = new FakeLab();
    lab.status = 'running';
    const panel = new Panel(lab);
    panel.connect();
    see(panel, false);
    lab.dispatchEvent(new Event('frame'));
    vi.advanceTimersByTime(1000);
    expect(panel.updates).toBe(0);
    see(panel, true);
    vi.advanceTimersByTime(1000);
    expect(panel.updates).toBe(1);
  });

  it('keeps every panel up to date while nothing runs', () => {
    const lab = new FakeLab();
    const panel = new Panel(lab);
    panel.connect();
    see(panel, false);
    lab.dispatchEvent(new Event('frame'));
    vi.advanceTimersByTime(1000);
    expect(panel.updates).toBe(1);
  });

  it('stops when the panel leaves the page or shows another Lab', () => {
    const [one, other] = [new FakeLab(), new FakeLab()];
    const panel = new Panel(one);
    panel.connect();
    panel.show(other);
    panel.update();
    one.dispatchEvent(new Event('frame'));
    vi.advanceTimersByTime(1000);
    expect(panel.updates).toBe(0);
    other.dispatchEvent(new Event('frame'));
    panel.disconnect();
    vi.advanceTimersByTime(1000);
    expect(panel.updates).toBe(0);
  });

  it('asks the Lab for what all panels want, once, and for less when one goes or cannot be seen', async () => {
    const lab = new FakeLab();
    lab.status = 'running';
    const [map, layers] = [new Panel(lab), new Panel(lab)];
    map.connect();
    layers.connect();
    map.frames.want({ map: { resolution: 32, range: [-1, 1, -1, 1] } });
    layers.frames.want({ layers: { bins: 20, range: 4 } });
    await Promise.resolve();
    expect(lab.watched).toEqual([
      { map: { resolution: 32, range: [-1, 1, -1, 1] }, layers: { bins: 20, range: 4 } },
    ]);
    see(map, false);
    await Promise.resolve();
    expect(lab.watched.at(-1)).toEqual({ layers: { bins: 20, range: 4 } });
    lab.status = 'ready';
    lab.dispatchEvent(new Event('status'));
    await Promise.resolve();
    expect(lab.watched.at(-1)).toEqual(lab.watched[0]);
    layers.disconnect();
    map.disconnect();
    await Promise.resolve();
    expect(lab.watched.at(-1)).toEqual({});
    expect(lab.watched).toHaveLength(4);
  });
});

class FakeLab extends EventTarget {
  status: Lab['status'] = 'ready';
  readonly watched: LabWatch[] = [];
  watch(watch: LabWatch): Promise<void> {
    this.watched.push(watch);
    return Promise.resolve();
  }
}

/** What LabFrames uses of an element. */
class Panel {
  lab: Lab | undefined;
  updates = 0;
  updated = (): void => {};
  isConnected = false;
  readonly frames: LabFrames;
  #controller: ReactiveController | undefined;

  constructor(lab: FakeLab) {
    this.lab = lab as unknown as Lab;
    this.frames = new Frames(this as unknown as LabPanel);
  }
  show(lab: FakeLab): void {
    this.lab = lab as unknown as Lab;
  }
  addController(controller: ReactiveController): void {
    this.#controller = controller;
  }
  connect(): void {
    this.isConnected = true;
    this.#controller?.hostConnected?.();
  }
  disconnect(): void {
    this.isConnected = false;
    this.#controller?.hostDisconnected?.();
  }
  update(): void {
    this.#controller?.hostUpdate?.();
  }
  requestUpdate(): void {
    this.updates++;
    this.updated();
  }
}
