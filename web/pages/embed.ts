import '../embed/embed.css';
import { openFrame } from '../embed/frame.ts';

/** What the address asks for, and nothing around it. */
openFrame({
  main: document.querySelector('main')!,
  full: document.querySelector<HTMLAnchorElement>('a.full')!,
});
