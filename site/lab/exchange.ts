/** A program to a file and back, so that `npx grade` and the page can have the same. */

/** The File System Access API, where a browser has it; TypeScript does not know it yet. */
interface Handle {
  name: string;
  getFile(): Promise<File>;
  createWritable(): Promise<{ write(text: string): Promise<void>; close(): Promise<void> }>;
}
interface Pickers {
  showOpenFilePicker?(options: object): Promise<Handle[]>;
  showSaveFilePicker?(options: object): Promise<Handle>;
}

/** As the largest submission. */
const largest = 64 * 1024;
const pickers = globalThis as unknown as Pickers;

export class Exchange {
  readonly #name: string;
  /** The file on the reader's disk that was opened or saved last: it is written to from then on. */
  #handle: Handle | null = null;

  constructor(name: string) {
    this.#name = name;
  }

  /** A sentence of what was done; '' if the reader changed their mind. */
  async save(text: string): Promise<string> {
    if (!pickers.showSaveFilePicker) return this.#download(text);
    try {
      this.#handle ??= await pickers.showSaveFilePicker({ suggestedName: this.#name });
      const file = await this.#handle.createWritable();
      await file.write(text);
      await file.close();
      return `Saved to ${this.#handle.name}.`;
    } catch (error) {
      if (isSecondThought(error)) return '';
      this.#handle = null;
      return `${this.#download(text)} (The file itself could not be written: ${(error as Error).message})`;
    }
  }

  /** The text of a file of the reader's; a sentence if it cannot be taken; null if they changed their mind. */
  async open(): Promise<{ text: string; name: string } | { problem: string } | null> {
    const file = await this.#choose().catch((error: unknown) => {
      if (isSecondThought(error)) return null;
      throw error;
    });
    if (!file) return null;
    if (file.size > largest)
      return { problem: `${file.name} is larger than 64 KiB, which is the most of a submission.` };
    return { text: await file.text(), name: file.name };
  }

  async #choose(): Promise<File | null> {
    if (pickers.showOpenFilePicker) {
      const [handle] = await pickers.showOpenFilePicker({ multiple: false });
      this.#handle = handle ?? null;
      return handle ? handle.getFile() : null;
    }
    const field = document.createElement('input');
    field.type = 'file';
    return new Promise((resolve) => {
      field.addEventListener('change', () => resolve(field.files?.[0] ?? null));
      field.addEventListener('cancel', () => resolve(null));
      field.click();
    });
  }

  #download(text: string): string {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    link.download = this.#name;
    link.click();
    URL.revokeObjectURL(link.href);
    return `${this.#name} is in your downloads.`;
  }
}

function isSecondThought(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
