import '../components/theme-switch.ts';
import { watchWideBoxes } from './wide-boxes.ts';

watchWideBoxes(document);
