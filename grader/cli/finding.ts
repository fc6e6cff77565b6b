/** One line of `grade doctor`. */
export interface Finding {
  what: string;
  /** 'later': not there yet, and the first `npx grade` sees to it. */
  state: 'works' | 'later' | 'broken';
  detail: string;
  remedy?: string;
}
