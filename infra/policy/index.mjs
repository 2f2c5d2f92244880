// What `pulumi preview --policy-pack infra/policy` loads, in plain JavaScript: see node-version.mjs. Pulumi requires
// it, so nothing here or below may await at the top level.
import { createRequire } from 'node:module';
import { refuseOldNode } from '../node-version.mjs';

refuseOldNode();
createRequire(import.meta.url)('./pack.mjs');
