/** Work side by side: so much at once and no more, told in its order. */

/** Runs `work` as soon as fewer than the limit are running. */
export type Limit = <T>(work: () => Promise<T>) => Promise<T>;

/** First come, first served. Once something has failed, nothing more is begun: what still waits rejects with the same error. */
export function limited(most: number): Limit {
  const waiting: (() => void)[] = [];
  let running = 0;
  let failed: { error: unknown } | undefined;
  return async (work) => {
    if (running < most) running += 1;
    // Whoever ends hands its place on.
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      if (failed) throw failed.error;
      return await work();
    } catch (error) {
      failed ??= { error };
      throw error;
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

/** Each result in the order of `pending`, as soon as it and all before it are there. Rejects with the first that rejects. */
export async function inOrder<T>(pending: readonly Promise<T>[], tell: (value: T) => void): Promise<void> {
  const all = Promise.all(pending);
  // Whoever awaits it hears of it; meanwhile it is no unhandled rejection.
  all.catch(() => {});
  for (const one of pending) tell(await one);
  await all;
}

/** Works on `items`, at most `most` at a time, in their order. */
export async function inParallel<T>(
  most: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  await Promise.all(
    Array.from({ length: most }, async () => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
    }),
  );
}
