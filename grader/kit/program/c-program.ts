/** A learner's C program for user space, compiled by the grader: by gcc, as a user who owns nothing, and in bounds. */
import { locate } from '../../explain/source.ts';
import { plain } from '../../verdict/text.ts';
import { compilerUid, compileSeconds, refuseOverrun } from '../guest/compiler.ts';
import { CheckFailure } from '../../verdict/failure.ts';
import type { Kit } from '../kit.ts';

export interface CProgramOptions {
  /** Without -l: 'bpf', 'seccomp'. */
  libraries?: readonly string[];
  /** C text of the grader's, linked with the learner's file. */
  rest?: string;
}

/** The path of the executable on the machine. CheckFailure with gcc's first error. */
export async function compileC(
  kit: Kit,
  file: string,
  { libraries = [], rest }: CProgramOptions = {},
): Promise<string> {
  const { machine } = kit;
  const sources = await kit.submission.place();
  const program = `${kit.build}/${file.replace(/\.c$/, '').replaceAll('/', '-')}`;
  if (rest !== undefined) await machine.put(`${kit.folder}/rest.c`, rest);
  const argv = [
    'gcc',
    '-O2',
    '-g',
    '-Wall',
    '-fdiagnostics-color=never',
    '-o',
    program,
    file,
    ...(rest === undefined ? [] : [`${kit.folder}/rest.c`]),
    ...libraries.map((name) => `-l${name}`),
  ];
  const result = await machine.run(argv, {
    cwd: sources,
    uid: compilerUid,
    timeoutMs: compileSeconds * 1000,
    memoryBytes: 768 * 2 ** 20,
    maxProcesses: 16,
    maxFileBytes: 16 * 2 ** 20,
    maxOutputBytes: 256 * 2 ** 10,
  });
  if (result.code === 126 || result.code === 127)
    throw new Error(`gcc does not start on the machine: ${result.stderr.slice(0, 500)}`);
  refuseOverrun(result, file);
  if (result.code !== 0)
    throw new CheckFailure({ ...explainGcc(result.stderr, kit.submission.sources), wholeLog: result.stderr });
  return program;
}

/** The first error, at the learner's line if it names one. */
export function explainGcc(
  stderr: string,
  sources: ReadonlyMap<string, string>,
): { text: string; actual: string; help: string; location?: NonNullable<ReturnType<typeof locate>> } {
  const output = plain(stderr);
  const error = /^(.+?):(\d+):(\d+): (?:fatal )?error: (.*)$/m.exec(output);
  if (error) {
    const location = locate(sources, error[1]!, Number(error[2]), Number(error[3]));
    return {
      text: 'gcc cannot compile this.',
      actual: error[4]!.slice(0, 2000),
      help: 'Read the first error only: those after it often follow from it.',
      ...(location && { location }),
    };
  }
  const missing = /undefined reference to [`'](\w+)'/.exec(output)?.[1];
  if (missing)
    return {
      text: `The program is not complete: there is no function ${missing}.`,
      actual: `undefined reference to '${missing}'`,
      help: 'Check its spelling, and that the function is not static.',
    };
  const twice = /multiple definition of [`'](\w+)'/.exec(output)?.[1];
  if (twice)
    return {
      text: `There are two functions named ${twice}.`,
      actual: `multiple definition of '${twice}'`,
      help: twice === 'main' ? 'The grader brings main: leave yours out.' : 'Give yours another name.',
    };
  return {
    text: 'gcc cannot make a program of this.',
    actual: output.trim().split('\n')[0]?.slice(0, 2000) || 'gcc said nothing',
    help: 'The log has all that gcc said.',
  };
}
