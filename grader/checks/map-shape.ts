/** A check for exercises whose task fixes a map: others read it, so its name, type and sizes are part of the task. */
import type { Check } from '../course/exercise.ts';
import { expect } from './expect.ts';

export interface MapShape {
  name: string;
  /** As libbpf calls it: 'hash', 'percpu_array', 'ringbuf', 'prog_array'. What is left out here is not looked at. */
  type?: string;
  /** Bytes. */
  keySize?: number;
  valueSize?: number;
}

export function hasMap(file: string, wanted: MapShape, words: Partial<Omit<Check, 'stage' | 'run'>> & Pick<Check, 'hints'>): Check {
  return {
    id: 'map',
    title: `There is a map ${wanted.name}: ${describe(wanted)}`,
    stage: 'load',
    points: 1,
    rationale: 'The grader reads the map as others would who know the task and not the source.',
    ...words,
    run: async (kit) => {
      const { about } = await kit.program(file).map(wanted.name);
      const fits = (wanted.type ?? about.type) === about.type && (wanted.keySize ?? about.keySize) === about.keySize && (wanted.valueSize ?? about.valueSize) === about.valueSize;
      expect(fits, {
        text: `The map ${wanted.name} is not of the kind that the task asks for.`,
        expected: `${describe(wanted)}.`,
        actual: `${describe(about)}.`,
        help: 'The lines __uint(type, …), __type(key, …) and __type(value, …) of the map say what it is.',
      });
    },
  };
}

/** 'hash, key of 4 bytes, value of 8 bytes' */
function describe({ type, keySize, valueSize }: Omit<MapShape, 'name'>): string {
  return [type, keySize && `key of ${keySize} bytes`, valueSize && `value of ${valueSize} bytes`].filter(Boolean).join(', ');
}
