/** From whatever a command threw to what is said about it, and the exit code. */
import { isAbsolute, relative } from 'node:path';
import { CommanderError } from 'commander';
import { CourseError } from '../course/course-error.ts';
import { ProgressRefused } from '../course/progress-store.ts';
import { MachineLost, MachineUnavailable } from '../machine/machine.ts';
import { cacheFolder } from '../machine/cache.ts';
import { CommandFailure } from './context.ts';

export interface Failure {
  message: string;
  exitCode: number;
  remedy?: string | undefined;
}

/** `command` is the name of the one that was called, if any. */
export function failureOf(
  error: unknown,
  { command, verbose }: { command: string | undefined; verbose: boolean },
): Failure {
  const failure = (message: string, exitCode: number, remedy?: string): Failure => ({ message, exitCode, remedy });
  if (error instanceof CommanderError) {
    return failure(
      error.message.replace(/^error: /, ''),
      2,
      `See how it is used: npx grade ${command ? `${command} ` : ''}--help`,
    );
  }
  if (error instanceof CommandFailure) return failure(error.message, error.exitCode, error.remedy);
  if (error instanceof MachineUnavailable) return failure(error.message, 3, error.remedy);
  if (error instanceof ProgressRefused) return failure(error.message, 3, error.help);
  const full = `${error instanceof Error && verbose ? error.stack : String(error)}`;
  if (error instanceof CourseError)
    return failure(
      full,
      70,
      'If you wrote it, fix it and run the same command again. If not, please report it: it is for its author to fix.',
    );
  if (error instanceof MachineLost)
    return failure(
      `The guest was lost: ${error.message}\n${error.console}`,
      70,
      'Run the same command again. If it happens again: npx grade doctor',
    );
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === 'ENOSPC')
    return failure(
      `The disk is full: ${full}`,
      3,
      'Free some space, then run the same command again. Nothing half written is kept.',
    );
  if (path !== undefined && isBelow(cacheFolder(), path) && typeof code === 'string')
    return failure(
      `The cache cannot be used: ${full}`,
      3,
      `It is ${cacheFolder()}${process.env.HOOKPOINT_CACHE ? ', as HOOKPOINT_CACHE says' : ''}, a folder that you must be able to write to. Another one: HOOKPOINT_CACHE=/a/folder ./grade`,
    );
  if (code === 'EACCES' || code === 'EROFS')
    return failure(
      `You may not write ${path ?? 'here'}: ${full}`,
      3,
      'If another user made it, as with sudo, take it back: sudo chown -R "$(id -un)" .grade submissions',
    );
  return failure(
    `A bug of ours: ${full}`,
    70,
    'Please report it, with the command and, if you can, the output of the same with --verbose.',
  );
}

function isBelow(folder: string, path: string): boolean {
  const from = relative(folder, path);
  return !from.startsWith('..') && !isAbsolute(from);
}
