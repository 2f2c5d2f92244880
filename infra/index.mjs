// What Pulumi loads first (`main: infra/` in Pulumi.yaml), in plain JavaScript: see node-version.mjs.
import { refuseOldNode } from './node-version.mjs';

/** Pulumi calls this; what it returns are the outputs of the stack. */
export default async function main() {
  refuseOldNode();
  const { program } = await import('./index.ts');
  return program();
}
