/** What an operation and an error mean together: tables, by what was tried. Special causes stand above general ones. */
import type { Cause } from '../../rule.ts';
import { anyCauses } from './anything.ts';
import { attachCauses } from './attaching.ts';
import { mapCauses } from './maps.ts';
import { pinCauses } from './pins.ts';
import { programCauses } from './programs.ts';

export { fallbackCauses } from './fallback.ts';

export const causes: readonly Cause[] = [...mapCauses, ...programCauses, ...attachCauses, ...pinCauses, ...anyCauses];
