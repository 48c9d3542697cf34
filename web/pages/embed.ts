import '../embed/embed.css';
import { hearForms } from '../embed/forms.ts';
import { openFrame } from '../embed/frame.ts';

hearForms();
/** What the address asks for, and nothing around it. */
openFrame({
  main: document.querySelector('main')!,
  full: document.querySelector<HTMLAnchorElement>('a.full')!,
});
