import type { Command } from '../commands/command.ts';

/** One file of a bundle. */
export interface Part {
  /** Its path in the bundle. */
  readonly file: string;
  /** What it is made of, for the index. */
  readonly from: string;
  /** What goes into it; a failure is noted in the index, and the bundle is made without it. */
  readonly make: () => Promise<string | Buffer>;
}

/** A part that is what a command prints on the host. */
export interface HostPart {
  readonly file: string;
  readonly command: Command;
  /** What becomes of it before anything else sees it. */
  readonly shape?: (text: string) => string | Buffer;
}

/** What came of a part. */
export interface Collected {
  readonly file: string;
  readonly from: string;
  readonly bytes: Buffer;
  /** Why there is nothing, or not all. */
  readonly note?: string;
}
