/** Which report a file gets, by its ending; which document an export is, by its name. */
import type { Report } from '../verdict/result.ts';
import type { ExportName } from './export-names.ts';
import { renderCheck50 } from './check50.ts';
import { renderClassroom50 } from './classroom50.ts';
import { renderExercism } from './exercism.ts';
import { renderGradebook, type Roster } from './gradebook.ts';
import { renderGradescope } from './gradescope.ts';
import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderPrairieLearn } from './prairielearn.ts';
import { renderSarif } from './sarif.ts';

export type Render = (report: Report, roster?: Roster) => string;

/** For `--report FILE`. */
export const reportFormats: Readonly<Record<string, Render>> = {
  '.json': renderJson,
  '.md': (report) => renderMarkdown(report),
  '.xml': renderJunit,
  '.sarif': renderSarif,
  '.html': renderHtml,
};

export interface ExportFormat {
  render: Render;
  /** Holds many learners; the others are about one. */
  manyLearners?: true;
  /**
   * Cannot say that nothing was graded: a document without any score would be read as zero points. What is incomplete is a zero there, with
   * the reason, because without a document its author would read that the autograder is broken.
   */
  needsScore?: true;
}

/** For `grade export --format`. */
export const exportFormats: Readonly<Record<ExportName, ExportFormat>> = {
  gradescope: { render: renderGradescope, needsScore: true },
  check50: { render: renderCheck50 },
  exercism: { render: renderExercism },
  prairielearn: { render: renderPrairieLearn },
  classroom50: { render: renderClassroom50, needsScore: true },
  csv: { render: renderGradebook, manyLearners: true },
};
