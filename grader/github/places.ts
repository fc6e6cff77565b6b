/** What a changed path is: a file of somebody's submission, or something else. Pure: paths are hostile text. */
import { slug } from '../course/schema.ts';
import { isAside } from '../course/aside.ts';
import { isLogin } from '../course/login.ts';
import { mostLevels } from '../course/tree.ts';
import { plainLine } from '../verdict/text.ts';

export interface Place {
  login: string;
  /** '<chapter>/<name>'; whether the course has such an exercise is not said. */
  exercise: string;
  /** submissions/<login>/<chapter>/<name> */
  folder: string;
  /** What is below the folder. */
  file: string;
}

export interface Change {
  /** Relative to the repository, as git has it. */
  path: string;
  removed: boolean;
}

export interface SortedChanges {
  /** Folders with something in them that is new or different, each once, in the order of the paths. */
  submissions: Place[];
  /** In the author's own folder, and of no exercise: a README, what an editor or a file manager leaves behind. */
  passedOver: string[];
  /** Everything that is not in the author's own folder. */
  foreign: string[];
}

/** Null for everything that is not a file of a submission. */
export function placeOf(path: string): Place | null {
  const [top, login = '', chapter = '', name = '', ...rest] = path.split('/');
  const whole = top === 'submissions' && isLogin(login) && isSlug(chapter) && isSlug(name) && rest.length > 0;
  if (!whole || rest.length > mostLevels || rest.some((part) => part === '' || part === '.' || part === '..'))
    return null;
  return {
    login,
    exercise: `${chapter}/${name}`,
    folder: `submissions/${login}/${chapter}/${name}`,
    file: rest.join('/'),
  };
}

/**
 * What the author may change, and the rest. A folder from which something was only taken away has nothing new to grade.
 * Logins are the same in upper and lower case, as on GitHub. Without an author everybody's folder is their own.
 */
export function sortChanges(changes: readonly Change[], author?: string): SortedChanges {
  const submissions = new Map<string, Place>();
  const passedOver: string[] = [];
  const foreign: string[] = [];
  for (const { path, removed } of changes) {
    const owner = ownerOf(path);
    if (owner === null || (author !== undefined && owner.toLowerCase() !== author.toLowerCase())) {
      foreign.push(path);
      continue;
    }
    const place = placeOf(path);
    if (!place || isAside(place.file.split('/').at(-1)!)) passedOver.push(path);
    else if (!removed && !submissions.has(place.folder)) submissions.set(place.folder, place);
  }
  return { submissions: [...submissions.values()], passedOver, foreign };
}

/** The login in 'submissions/<login>/…'; null for any other path, and for one that no honest tool writes. */
function ownerOf(path: string): string | null {
  const [top, login = '', ...rest] = path.split('/');
  const honest = rest.length > 0 && rest.every((part) => !['', '.', '..'].includes(part)) && shownPath(path) === path;
  return top === 'submissions' && isLogin(login) && honest ? login : null;
}

/** A path as one line of text, however it was named: no escapes, and nothing that a runner takes for a command of its log. */
export function shownPath(path: string): string {
  return plainLine(path, 200).replaceAll('::', ': :').replaceAll('##[', '# #[');
}

function isSlug(text: string): boolean {
  return slug.safeParse(text).success;
}
