/** The files of `--report`: checked before anything is graded, written whole at the end, however that comes. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { writeWhole } from '../course/write-whole.ts';
import { reportFormats } from '../report/formats.ts';
import { makeReport } from '../report/json.ts';
import type { Report, Result } from '../verdict/result.ts';
import { plainLine } from '../verdict/text.ts';
import { CommandFailure } from './context.ts';

export class ReportFiles {
  readonly #files: readonly string[];
  readonly #results: Result[] = [];

  private constructor(files: readonly string[]) {
    this.#files = files;
  }

  /** As they were typed. Throws CommandFailure for one that cannot be written later. */
  static async check(files: readonly string[]): Promise<ReportFiles> {
    for (const file of files) {
      if (!(formatOf(file) in reportFormats)) throw new CommandFailure(`--report ${plainLine(file)}: its ending names no format.`, 2, `The endings are ${Object.keys(reportFormats).join(', ')}.`);
      await checkWritable('--report', file);
    }
    return new ReportFiles(files);
  }

  /** What there is to say should the command fail after it. */
  add(result: Result): void {
    this.#results.push(result);
  }

  /** Reports on all results until now, or on why there are no more of them. Returns a sentence for each file that could not be written. */
  async write(tell: (text: string) => void, failure?: Report): Promise<string[]> {
    const problems: string[] = [];
    const report: Report = { ...makeReport(this.#results), ...failure, results: this.#results };
    for (const file of this.#files) {
      try {
        await writeWhole(resolve(file), reportFormats[formatOf(file)]!(report));
        tell(`Report: ${plainLine(file)}`);
      } catch (error) {
        problems.push(`The report ${plainLine(file)} could not be written: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return problems;
  }
}

/** Throws CommandFailure if a file cannot be put there. `option`: what the user said it with. */
export async function checkWritable(option: string, file: string): Promise<void> {
  const refuse = (text: string, remedy: string) => new CommandFailure(`${option} ${plainLine(file)}: ${text}`, 2, remedy);
  const folder = dirname(resolve(file));
  const parent = await stat(folder).catch(() => null);
  if (!parent) throw refuse(`there is no folder ${folder}.`, `Make it first: mkdir -p ${folder}`);
  if (!parent.isDirectory()) throw refuse(`${folder} is not a folder.`, 'Choose another place.');
  const there = await stat(resolve(file)).catch(() => null);
  if (there && !there.isFile()) throw refuse('something else than a file is there.', 'Choose another name.');
  const writable = await access(folder, constants.W_OK | constants.X_OK).then(() => true, () => false);
  if (!writable) throw refuse(`you may not write in ${folder}.`, 'Choose another place, or change its permissions.');
}

function formatOf(file: string): string {
  return extname(file).toLowerCase();
}
