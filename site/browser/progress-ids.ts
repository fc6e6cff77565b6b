/** By what progress is kept: a lesson's stable id as it is, an exercise's with a word in front. */
export function exerciseProgress(id: string): string {
  return `exercise:${id}`;
}
