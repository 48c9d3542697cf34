import { LitElement } from 'lit';
import { onDecimal } from '../protocol/decimal.ts';

/**
 * What is shown is written again when the decimal sign changes. Said once, for every element defined after it: whatever
 * writes a number imports `format-number.ts`, which imports this.
 */
LitElement.addInitializer((element) => {
  let stop: (() => void) | undefined;
  element.addController({
    hostConnected() {
      stop = onDecimal(() => element.requestUpdate());
    },
    hostDisconnected() {
      stop?.();
    },
  });
});
