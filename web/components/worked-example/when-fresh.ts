import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { WorkedExample } from '../../protocol/worked-example.ts';
import type { FeatureView } from './walk.ts';

/**
 * Runs an action that needs the engine's numbers once they are those of the newest state: at once as a rule, or when
 * they arrive, so that a click right after an edit does not act on the numbers before it.
 */
export class WhenFresh implements ReactiveController {
  #action: ((view: FeatureView) => void) | undefined;

  constructor(
    private readonly host: ReactiveControllerHost & { view: FeatureView | undefined; state: WorkedExample },
  ) {
    host.addController(this);
  }

  run(action: (view: FeatureView) => void): void {
    this.#action = action;
    this.hostUpdated();
  }

  hostUpdated(): void {
    const { view, state } = this.host;
    const action = this.#action;
    if (!action || !view || view.state !== state) return;
    this.#action = undefined;
    action(view);
  }

  hostDisconnected(): void {
    this.#action = undefined;
  }
}
