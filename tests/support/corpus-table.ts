/** Prints how the explain engine does on the corpus, by kernel: npx node tests/support/corpus-table.ts */
import { explainText } from '../../grader/explain/index.ts';
import { corpus, kernels } from './corpus.ts';

const rows = kernels.map((kernel) => {
  const logs = corpus.filter((one) => one.kernel === kernel && one.expected !== 'loads');
  const seen = logs.map((one) => ({ one, ...explainText(one.log, new Map([[one.file, one.source]])) }));
  const named = seen.filter(({ one }) => one.line !== null);
  return {
    kernel,
    loads: corpus.filter((one) => one.kernel === kernel).length - logs.length,
    refusals: logs.length,
    recognised: seen.filter(({ recognised }) => recognised).length,
    'right rule': seen.filter(({ one, explanation }) => explanation.rule === one.expected).length,
    'log names a line': named.length,
    'right line': named.filter(({ one, explanation }) => explanation.location?.line === one.line).length,
    'any line': seen.filter(({ explanation }) => explanation.location).length,
    'registers or path': seen.filter(({ explanation }) => explanation.state).length,
    'kernel’s own report': seen.filter(({ explanation }) => explanation.report).length,
  };
});
const columns = Object.keys(rows[0]!) as (keyof (typeof rows)[0])[];
console.log(`| ${columns.join(' | ')} |\n|${columns.map(() => '---|').join('')}`);
for (const row of rows) console.log(`| ${columns.map((column) => row[column]).join(' | ')} |`);
