import { css } from 'lit';

/** A file input that looks like a button: `<label class="file"><input type="file" /><span>…</span></label>`. */
export const fileButtonStyles = css`
  .file {
    position: relative;
    display: inline-flex;
  }

  .file span {
    display: inline-flex;
    align-items: center;
    min-height: var(--target);
    padding: 0.2em 0.8em;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface-raised);
  }

  .file:has(:focus-visible) span {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }

  .file input {
    position: absolute;
    inset: 0;
    width: 100%;
    opacity: 0;
    cursor: pointer;
  }

  .file:hover span {
    border-color: var(--text);
  }
`;
