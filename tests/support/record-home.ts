/** Records for the first page of the site: an exercise that fails, and how it passes once two lines are fixed. */
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { recordingFile, writtenRecording, type Recording } from '../../site/course/recordings.ts';
import { Clone, repository } from './clone.ts';

const fixed: [before: string | RegExp, after: string][] = [
  ['sys_enter_close', 'sys_enter_execve'],
  [/\/\* TODO: print the message. \*\//, 'bpf_printk("Hello, BPF World!");'],
];

const compare = 'diff -U0 before after | tail -n +3';

/** By id. */
export async function recordHome(): Promise<Record<string, Recording>> {
  const clone = await Clone.make();
  try {
    const failing = await clone.grade(['--as', 'ada']);
    const file = 'submissions/ada/programs/hello/hello.bpf.c';
    const starter = await readFile(clone.path(file), 'utf8');
    await writeFile(
      clone.path(file),
      fixed.reduce((text, [before, after]) => text.replace(before, after), starter),
    );
    await cp(clone.path('content/exercises/programs/hello/starter/hello.bpf.c'), clone.path('before'));
    await cp(clone.path(file), clone.path('after'));
    const difference = await promisify(execFile)('sh', ['-c', compare], { cwd: clone.root });
    const passing = await clone.grade(['--as', 'ada', 'programs/hello']);
    return {
      'home/failing': recordingOf(`$ npx grade\n${failing.stdout.trim()}\n`),
      'home/passing': recordingOf(`$ ${compare}\n${difference.stdout}$ npx grade\n${passing.stdout.trim()}\n`),
    };
  } finally {
    await clone.remove();
  }
}

function recordingOf(text: string): Recording {
  const [, kernel] = /Linux (\S+) ·/.exec(text) ?? [];
  if (!kernel) throw new Error(`Nothing was graded: ${text}`);
  return { kernel, tools: {}, date: new Date().toISOString().slice(0, 10), text: text.replace(/ +$/gm, '') };
}

if (process.argv[1] === import.meta.filename) {
  for (const [id, recording] of Object.entries(await recordHome())) {
    await mkdir(dirname(recordingFile(repository, id)), { recursive: true });
    await writeFile(recordingFile(repository, id), writtenRecording(recording));
    process.stdout.write(`${recording.text}\n`);
  }
}
