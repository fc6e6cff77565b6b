/** The engine of `grade explain`, beside the page: a log of megabytes must not hold up the keyboard. */
import { explainText } from '../../grader/explain/index.ts';
import { makeExplanation } from '../../grader/report/explanation.ts';
import type { Answer, Question } from './explain-engine.ts';

onmessage = ({ data: { text, sources } }: MessageEvent<Question>) => {
  const answer: Answer = makeExplanation(explainText(text, new Map(sources)));
  postMessage(answer);
};
