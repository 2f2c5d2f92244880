import type { CatalogueEntry } from './entry.ts';

/** What keeps the bridge from starting. */
export const START_ERRORS = {
  'port-taken': {
    status: 500,
    title: 'The HTTP port is taken',
    hint: 'Stop what listens there, or choose another port.',
  },
  'port-refused': {
    status: 500,
    title: 'The HTTP address cannot be used',
    hint: 'Choose a port above 1023 and an address of this machine.',
  },
  'keys-file-missing': {
    status: 500,
    title: 'The API keys file cannot be read',
    hint: 'Create it with one key a line (name:read+trade:key), readable by the bridge only.',
  },
  'keys-file-invalid': {
    status: 500,
    title: 'The API keys file breaks a rule',
    hint: 'One key a line: name:read+trade:key, or a bare key.',
  },
  'environment-invalid': {
    status: 500,
    title: 'The environment breaks a rule',
    hint: 'Set the variables named above.',
  },
  'data-dir-unusable': {
    status: 500,
    title: 'The data directory cannot be used',
    hint: 'It must exist, or be creatable, and be writable by the bridge: the order journal lives there.',
  },
} as const satisfies Record<string, CatalogueEntry>;
