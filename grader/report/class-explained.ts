/** Why a learner has the grades that they have, in words. Pure. */
import type { ClassFile } from '../course/class-schema.ts';
import { zoneOf } from '../course/due.ts';
import { inZone } from '../course/zoned-time.ts';
import type { Grade, Row } from './class-grades.ts';
import { number, plural } from './words.ts';

export function explainGrades(classFile: ClassFile, { learner, grades, points, worth }: Row): string {
  const zone = zoneOf(classFile, learner);
  const about = [
    learner.login,
    ...(learner.section === undefined ? [] : [`section ${learner.section}`]),
    ...(learner.group === undefined ? [] : [`group ${learner.group}`]),
  ];
  return [
    `${learner.name} (${about.join(', ')}): ${number(points)} of ${number(worth)} points of what has a grade`,
    ...grades.map((grade) => `  ${grade.exercise.padEnd(28)} ${figure(grade).padEnd(12)} ${reason(grade, zone)}`),
  ].join('\n');
}

function figure({ points, worth }: Grade): string {
  return points === null ? `– of ${number(worth)}` : `${number(points)} of ${number(worth)}`;
}

function reason({ attempt, due, why, points }: Grade, zone: string): string {
  const dueText = due
    ? `due ${inZone(due.ms, zone)}${due.extension === null ? '' : `, extended: ${due.extension}`}`
    : 'never due';
  if (!attempt)
    return why === 'missing'
      ? `nothing handed in, ${dueText}${points === 0 ? ': zero, as class.yaml says' : ': no grade'}`
      : `no grade: what was handed in is ‘${why}’, ${dueText}`;
  const { result, handedIn, daysLate, percentLost, secondLook } = attempt;
  const when =
    handedIn === null ? 'handed in at an unknown time, taken for in time' : `handed in ${inZone(handedIn, zone)}`;
  const late = daysLate > 0 ? `, ${plural(daysLate, 'day')} late: ${number(percentLost)} % less` : '';
  return `${number(result.points)} of ${number(result.maxPoints)} from checks${secondLook ? ' at a second look' : ''}, ${when}, ${dueText}${late}`;
}
