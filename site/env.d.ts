/// <reference path="../.astro/types.d.ts" />

declare module 'virtual:hookpoint/course' {
  export const course: import('./course/course.ts').Course;
  /** The repository's folder. */
  export const root: string;
  /** The address of the course's sources, or null. */
  export const repository: string | null;
  /** What a file's path is put behind to edit it, or null. */
  export const editUrl: string | null;
  /** The lab that this build offers; null if none is made. */
  export const lab: Pick<import('./lab/published.ts').PublishedLab, 'path' | 'description'> | null;
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

declare module 'virtual:hookpoint/lessons' {
  /** Titles of the lessons, by '<chapter>/<lesson>'. */
  export const lessons: Readonly<Record<string, string>>;
}

declare module 'virtual:hookpoint/workbench' {
  /** The lab that this build offers; null if none is made. */
  export const lab: Pick<import('./lab/published.ts').PublishedLab, 'path' | 'description'> | null;
  /** Programs of lessons that can be tried, by path below content/examples. */
  export const programs: Readonly<Record<string, import('./course/programs.ts').LessonProgram>>;
}
