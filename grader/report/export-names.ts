/** Apart from what they do, so that the command line can name them without loading it. */
export const exportNames = ['gradescope', 'check50', 'exercism', 'prairielearn', 'classroom50', 'csv'] as const;
export type ExportName = (typeof exportNames)[number];
/** Not results, but what makes them elsewhere. */
export const autograderNames = ['gradescope-autograder', 'classroom50-autograder'] as const;
export type AutograderName = (typeof autograderNames)[number];
