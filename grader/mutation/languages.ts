/** Which operators change a file, by its name. */
import { cOperators } from './operators/c.ts';
import { bpftraceOperators } from './operators/bpftrace.ts';
import { pythonOperators } from './operators/python.ts';
import { tcOperators, tcpdumpOperators } from './operators/command-words.ts';
import { yamlOperators } from './operators/yaml.ts';
import type { Edit, Operator } from './edit.ts';

interface Language {
  operatorsFor(source: string): { id: string; title: string; edits(): Iterable<Edit> }[];
}

const byName: readonly [RegExp, Language][] = [
  [/\.[ch]$/, language(cOperators)],
  [/\.py$/, language(pythonOperators)],
  [/\.bt$/, language(bpftraceOperators)],
  [/\.tc$/, language(tcOperators)],
  [/\.txt$/, language(tcpdumpOperators)],
  [/\.ya?ml$/, language(yamlOperators)],
];

export function languageOf(file: string): Language | undefined {
  return byName.find(([pattern]) => pattern.test(file))?.[1];
}

/** What a language reads of a source is read once, for all of its operators. */
function language<Source>({
  read,
  operators,
}: {
  read(source: string): Source;
  operators: readonly Operator<Source>[];
}): Language {
  return {
    operatorsFor(source) {
      const parsed = read(source);
      return operators.map(({ id, title, edits }) => ({ id, title, edits: () => edits(parsed) }));
    },
  };
}
