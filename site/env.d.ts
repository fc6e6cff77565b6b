/// <reference path="../.astro/types.d.ts" />

declare module 'virtual:hookpoint/course' {
  export const course: import('./course/course.ts').Course;
  /** The repository's folder. */
  export const root: string;
  /** What a file's path is put behind to edit it, or null. */
  export const editUrl: string | null;
}
