/** The course itself is wrong: for its authors. Every problem found, each with the file that it is in. */
export class CourseError extends Error {
  override name = 'CourseError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      `The course has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n  ${problems.join('\n  ')}`,
    );
    this.problems = problems;
  }
}
