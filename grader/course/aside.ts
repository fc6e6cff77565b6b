/** Files that learners keep beside their work: notes for themselves, and what editors leave. Nobody grades them, and nobody minds them. */
import { isLeftover } from './leftovers.ts';

const note = /^(readme|notes?|todo)(\.\w+)?$|\.md$|^\.(gitignore|gitattributes|editorconfig|clang-format)$/i;

export function isAside(name: string): boolean {
  return isLeftover(name) || note.test(name);
}
