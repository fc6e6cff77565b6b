/** Joins a command in the guest to this terminal, or to the pipes that the grader was started with. */
import { pipeline } from 'node:stream/promises';
import type { Conversation } from '../machine/machine.ts';
import { sober, takeTerminal, terminalSize } from './terminal.ts';

export type End = { code: number; signal: number } | 'escaped' | 'deaf';

/** Ctrl-] pressed so often in a row ends the shell, whatever the guest does. */
const escapeKey = 0x1d;
const escapePresses = 3;

/** Resolves with how it ended. Rejects with MachineLost. The terminal is as it was then. */
export async function joinTerminal(conversation: Conversation): Promise<End> {
  const terminal = takeTerminal({ passThrough: true });
  const presses = new EscapeKey();
  const { promise: escaped, resolve: escape } = Promise.withResolvers<'escaped'>();
  const onKeys = (chunk: Buffer) => {
    if (presses.pressed(chunk)) escape('escaped');
    // A guest that reads nothing loses keys, as a terminal does; they must not fill our memory.
    else if (!conversation.stdin.writableNeedDrain) conversation.stdin.write(chunk);
  };
  const onResize = () => conversation.resize(terminalSize());
  process.stdin.on('data', onKeys);
  process.stdout.on('resize', onResize);
  conversation.stdout.pipe(process.stdout, { end: false });
  let abrupt = true;
  try {
    const end = await Promise.race([conversation.done, escaped]);
    if (end !== 'escaped') await shown(conversation);
    abrupt = end === 'escaped';
    return end;
  } finally {
    conversation.stdout.unpipe(process.stdout);
    process.stdin.off('data', onKeys);
    process.stdout.off('resize', onResize);
    if (abrupt) process.stdout.write(`${sober}\r\n`);
    terminal.giveBack();
  }
}

/** Resolves with how it ended, 'deaf' if nobody reads its output any more. Rejects with MachineLost. */
export async function joinPipes(conversation: Conversation): Promise<End> {
  process.stdin.pipe(conversation.stdin);
  // What is not read in there is no error out here.
  conversation.stdin.on('error', () => {});
  const output = Promise.all([
    pipeline(conversation.stdout, process.stdout, { end: false }),
    pipeline(conversation.stderr, process.stderr, { end: false }),
  ]).then(
    () => conversation.done,
    (): End => 'deaf',
  );
  try {
    return await output;
  } finally {
    process.stdin.unpipe(conversation.stdin);
    process.stdin.destroy();
  }
}

function shown({ stdout }: Conversation): Promise<void> {
  return new Promise((resolve) => {
    if (stdout.readableEnded) resolve();
    else stdout.once('end', resolve);
  });
}

/** Sees the escape key pressed three times with no other key between. */
export class EscapeKey {
  #presses = 0;

  pressed(keys: Uint8Array): boolean {
    for (const key of keys) {
      this.#presses = key === escapeKey ? this.#presses + 1 : 0;
      if (this.#presses === escapePresses) return true;
    }
    return false;
  }
}
