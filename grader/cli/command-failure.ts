/** Expected trouble that is not a result: the command ends with this message and code. */
export class CommandFailure extends Error {
  override name = 'CommandFailure';
  readonly remedy: string | undefined;
  readonly exitCode: number;
  /** `exitCode`: 2 the command was used wrongly, 3 this machine can't. */
  constructor(message: string, exitCode: 2 | 3, remedy?: string) {
    super(message);
    this.exitCode = exitCode;
    this.remedy = remedy;
  }
}
