import type { Lesson } from './lesson.ts';
import { lesson1 } from './lessons/lesson-1.ts';
import { lesson2 } from './lessons/lesson-2.ts';
import { lesson3 } from './lessons/lesson-3.ts';
import { lesson4 } from './lessons/lesson-4.ts';
import { lesson5 } from './lessons/lesson-5.ts';
import { lesson6 } from './lessons/lesson-6.ts';
import { lesson7 } from './lessons/lesson-7.ts';
import { lesson8 } from './lessons/lesson-8.ts';

/** One for each chapter, in their order. */
export const LESSONS: readonly Lesson[] = [
  lesson1,
  lesson2,
  lesson3,
  lesson4,
  lesson5,
  lesson6,
  lesson7,
  lesson8,
];
