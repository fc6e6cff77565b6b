/** Why something could not be downloaded, and what to do about it. */
import { MachineUnavailable } from '../machine.ts';

/**
 * absent: the source does not have it. unreachable: it cannot be asked, or breaks off again and again. wrong: what it has is not what the
 * manifest names. space: the disk is full. interrupted: by Ctrl-C, or because another part failed.
 */
export type TroubleKind = 'absent' | 'unreachable' | 'wrong' | 'space' | 'interrupted';

export class NotDownloaded extends MachineUnavailable {
  override name = 'NotDownloaded';
  readonly kind: TroubleKind;

  constructor(kind: TroubleKind, message: string, remedy: string) {
    super(message, remedy);
    this.kind = kind;
  }

  /**
   * Whether building is a way out: where nobody has the files. Wrong bytes are for a person to look at, and a full disk has
   * no room for building either.
   */
  get mayBuild(): boolean {
    return this.kind === 'absent' || this.kind === 'unreachable';
  }
}

export const buildRemedy = 'Or build it here, which takes a few minutes: npx grade setup --build';
export const againRemedy = 'Run the same command again: it goes on from where it stopped.';

export function interrupted(): NotDownloaded {
  return new NotDownloaded('interrupted', 'The download was interrupted.', againRemedy);
}

/** What to say of a disk that is full, or not writable for another reason; undefined for any other error. */
export function diskTrouble(error: unknown, folder: string): NotDownloaded | undefined {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return undefined;
  return new NotDownloaded(
    'space',
    `The disk is full: what is downloaded is kept in ${folder}, and there is no space left.`,
    'Free some space and run the same command again: it goes on from where it stopped.\n' +
      'Or put the cache elsewhere: HOOKPOINT_CACHE=/a/larger/disk npx grade',
  );
}
