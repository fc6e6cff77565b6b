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
