import { unsafeCSS } from 'lit';
import text from './controls.css?inline';

/** The shared controls for a component's shadow root: `static styles = [controls, css`…`]`. */
export const controls = unsafeCSS(text);
