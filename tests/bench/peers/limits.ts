/** What GitHub documents about its hosted runners: data for the simulation, with where and when it was read. */

export interface Plan {
  name: string;
  /** Jobs on standard runners at the same time, over all repositories of the account. */
  jobs: number;
  /** Minutes a month that private repositories have for nothing. */
  minutes: number;
}

export interface Limits {
  plans: readonly Plan[];
  /** A job that runs longer is ended. */
  jobSeconds: number;
  /** Jobs in one matrix. */
  matrixJobs: number;
  /** Each job's time is rounded up to whole minutes; dollars a minute, Linux, two processors, private repositories. */
  dollarsPerMinute: number;
  read: string;
  sources: readonly { what: string; where: string }[];
}

export const githubLimits: Limits = {
  plans: [
    { name: 'Free', jobs: 20, minutes: 2000 },
    { name: 'Team', jobs: 60, minutes: 3000 },
    { name: 'Enterprise Cloud', jobs: 500, minutes: 50_000 },
  ],
  jobSeconds: 6 * 3600,
  matrixJobs: 256,
  dollarsPerMinute: 0.006,
  read: '2026-11-30',
  sources: [
    {
      what: 'jobs at the same time, six hours for a job, 256 jobs in a matrix',
      where: 'https://docs.github.com/en/actions/reference/limits',
    },
    {
      what: 'the price of a minute (since January 2026), rounded up for each job',
      where: 'https://docs.github.com/en/billing/reference/actions-runner-pricing',
    },
    {
      what: 'minutes that a plan includes',
      where: 'https://docs.github.com/en/billing/reference/product-usage-included',
    },
  ],
};
