/// <reference path="../.astro/types.d.ts" />

declare module 'virtual:hookpoint/course' {
  export const course: import('./course/course.ts').Course;
  /** The repository's folder. */
  export const root: string;
  /** The address of the course's sources, or null. */
  export const repository: string | null;
  /** What a file's path is put behind to edit it, or null. */
  export const editUrl: string | null;
}

declare module 'virtual:hookpoint/lab' {
  /** Those that the lab offers, by id. */
  export const exercises: Readonly<
    Record<
      string,
      () => Promise<{
        about: import('./lab/judge.ts').LabExercise;
        own: import('../grader/kit/checks/run.ts').Runs;
      }>
    >
  >;
}
