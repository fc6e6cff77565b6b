/** What is always there in Node. Import it before all else. */
import { Buffer } from 'buffer/index.js';
import { nextTurn } from './timers.ts';

Object.assign(globalThis, { Buffer, setImmediate: nextTurn });
