/** Keeps the end of the guest's console, where the kernel says that it is broken. */

const keepBytes = 64 * 1024;
const panicWords =
  /Kernel panic - not syncing|Attempted to kill init|BUG: unable to handle|watchdog: BUG: soft lockup|rcu: INFO: rcu_\w+ detected stalls/;

export class ConsoleLog {
  #text = '';

  push(chunk: Buffer): void {
    this.#text += chunk.toString('latin1');
    if (this.#text.length > 2 * keepBytes) this.#text = this.#text.slice(-keepBytes);
  }

  /**
   * The kernel's line that tells of a panic, a stall or a lock-up. Whoever is root in the guest can write such a line,
   * so it only says why a guest that is lost was lost, never that it is.
   */
  get complaint(): string | undefined {
    return this.#text
      .split('\n')
      .find((line) => panicWords.test(line))
      ?.trim();
  }

  /** The last lines, hostile text. */
  tail(lines = 30): string {
    return this.#text.split('\n').slice(-lines).join('\n').trim();
  }
}
