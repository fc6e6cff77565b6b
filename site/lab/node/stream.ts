/** node:stream, for a person's terminal on the machine (`converse`), which a page does not offer yet. */

class NoStream {
  constructor() {
    throw new Error('A page has no streams of Node’s, and so no terminal on the machine.');
  }
}

export { NoStream as Duplex, NoStream as Readable, NoStream as Writable };
