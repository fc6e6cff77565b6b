/** The operating system that this runs on, as the machine layer sees it. */
import { platform } from 'node:os';
import type { System } from './interface.ts';
import { linux } from './linux.ts';
import { portable } from './portable.ts';

export type { Native, System } from './interface.ts';

export const system: System = platform() === 'linux' ? linux : portable;
