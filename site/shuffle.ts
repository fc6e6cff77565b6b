/** An order that looks like chance, and is the same in every build: by a digest of the question with each item's text. */
import { createHash } from 'node:crypto';

/** The items in another order, which `question` decides and nothing else; their own order is forgotten. */
export function shuffled<T>(question: string, items: readonly T[], textOf: (item: T) => string): T[] {
  return items
    .map((item) => ({
      item,
      key: createHash('sha256')
        .update(`${question}\0${textOf(item)}`)
        .digest('hex'),
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item);
}
