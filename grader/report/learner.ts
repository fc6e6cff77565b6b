/** Whose result it is. */
import { isLogin } from '../course/login.ts';
import type { Result } from '../verdict/result.ts';

/** The login in 'submissions/<login>/…'; null for what lies elsewhere. */
export function learnerOf({ submission }: Pick<Result, 'submission'>): string | null {
  const login = /^submissions\/([^/]+)\//.exec(submission)?.[1];
  return login !== undefined && isLogin(login) ? login : null;
}
