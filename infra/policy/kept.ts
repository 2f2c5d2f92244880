import { eachResource, group, type Rule, TYPES } from './rule.ts';
import { secretsIn } from './secret-values.ts';

const startupInPlace = eachResource(
  {
    name: 'startup-in-place',
    description: 'A change of the startup script does not replace the machine.',
    remedy: 'Put the script into metadata["startup-script"], which is updated in place',
  },
  function* ({ type, props }) {
    if (type === TYPES.instance && props.metadataStartupScript !== undefined)
      yield 'metadataStartupScript replaces the machine at each change';
  },
);

const dataProtected = eachResource(
  {
    name: 'data-protected',
    description: 'A disk of its own holds what must outlive the machine, and is protected.',
    remedy: 'Make the disk with the option protect: true',
  },
  function* ({ type, opts }) {
    if (type === TYPES.disk && !opts.protect) yield 'the data disk is not protected';
  },
);

const noSecretValues = eachResource(
  {
    name: 'no-secret-values',
    description: "No input carries a secret: Pulumi's state and history would keep it.",
    remedy: 'Make the secret without a version, and fill it with `gatehouse --<stack>-set-secret`',
  },
  function* ({ type, props }) {
    if (type === TYPES.secretVersion) yield "a version of a secret carries its value into Pulumi's state";
    for (const path of secretsIn(group(props))) yield `${path} looks like a secret`;
  },
);

export const KEPT: readonly Rule[] = [startupInPlace, dataProtected, noSecretValues];
