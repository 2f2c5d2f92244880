/**
 * Whether all bytes are ASCII. node:buffer has the same, but an ES import of that module loads everything it can
 * export, which costs a short-lived process more than all the messages it reads.
 */
export function isAscii(bytes: Buffer): boolean {
  return !bytes.some((byte) => byte > 127);
}
