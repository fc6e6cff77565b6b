/**
 * The files of `--report`: checked before anything is graded, written whole at the end, however that comes. A `.jsonl` is appended to as
 * results come, so that nothing is lost whatever comes.
 */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { writeWhole } from '../course/write-whole.ts';
import { reportFormats } from '../report/formats.ts';
import { makeReport } from '../report/json.ts';
import type { Report, Result } from '../verdict/result.ts';
import { plainLine } from '../verdict/text.ts';
import { CommandFailure } from './command-failure.ts';
import { ResultsFile } from './results-file.ts';

/** Of a results file. */
const lines = '.jsonl';
const endings = [...Object.keys(reportFormats), lines];

export class ReportFiles {
  readonly #files: readonly string[];
  readonly #appended: readonly ResultsFile[];
  /** As they were typed. */
  readonly appendedTo: readonly string[];
  readonly #results: Result[] = [];

  private constructor(files: readonly string[], appended: readonly ResultsFile[]) {
    this.#files = files.filter((file) => formatOf(file) !== lines);
    this.appendedTo = files.filter((file) => formatOf(file) === lines);
    this.#appended = appended;
  }

  /** As they were typed. Throws CommandFailure for one that cannot be written later. */
  static async check(files: readonly string[]): Promise<ReportFiles> {
    for (const file of files) {
      if (!endings.includes(formatOf(file)))
        throw new CommandFailure(
          `--report ${plainLine(file)}: its ending names no format.`,
          2,
          `The endings are ${endings.join(', ')}.`,
        );
      await checkWritable('--report', file);
    }
    const appended = files.filter((file) => formatOf(file) === lines).map((file) => ResultsFile.open(resolve(file)));
    return new ReportFiles(files, await Promise.all(appended));
  }

  /** What there is to say should the command fail after it. */
  async add(result: Result): Promise<void> {
    if (this.#files.length > 0) this.#results.push(result);
    for (const file of this.#appended) await file.add(result);
  }

  /** All of them, in the order in which they were asked for. */
  settle(results: readonly Result[]): void {
    this.#results.splice(0, Infinity, ...results);
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
        problems.push(
          `The report ${plainLine(file)} could not be written: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
    for (const [i, file] of this.#appended.entries()) {
      if (failure?.error) await file.addError(failure.error).catch((error: Error) => problems.push(error.message));
      else tell(`Report: ${plainLine(this.appendedTo[i]!)}`);
    }
    return problems;
  }
}

/** Throws CommandFailure if a file cannot be put there. `option`: what the user said it with. */
export async function checkWritable(option: string, file: string): Promise<void> {
  const refuse = (text: string, remedy: string) =>
    new CommandFailure(`${option} ${plainLine(file)}: ${text}`, 2, remedy);
  const folder = dirname(resolve(file));
  const parent = await stat(folder).catch(() => null);
  if (!parent) throw refuse(`there is no folder ${folder}.`, `Make it first: mkdir -p ${folder}`);
  if (!parent.isDirectory()) throw refuse(`${folder} is not a folder.`, 'Choose another place.');
  const there = await stat(resolve(file)).catch(() => null);
  if (there && !there.isFile()) throw refuse('something else than a file is there.', 'Choose another name.');
  const writable = await access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!writable) throw refuse(`you may not write in ${folder}.`, 'Choose another place, or change its permissions.');
}

function formatOf(file: string): string {
  return extname(file).toLowerCase();
}
