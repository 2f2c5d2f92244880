/** What can be wrong with the machine the stack runs on. */
export const HOST = {
  'startup-failed': {
    message: 'A step of the startup script failed on this machine.',
    hint: 'Its last lines say why; a start of the machine runs it again from the beginning.',
  },
  'startup-unfinished': {
    message: 'The startup script has not come to its end yet.',
    hint: 'The first start takes some minutes: look again. If it stays at the same step, read its log.',
  },
  'disk-full': {
    message: 'A disk of the host is full, or nearly.',
    hint: 'Old images are mostly the reason; the journal cannot be written on a full disk, so orders are refused.',
  },
  'swap-off': {
    message: 'The host has no swap, and its configuration wants some.',
    hint: 'Switch it on again before memory runs short: the memory budget of the stack counts on it.',
  },
  'memory-short': {
    message: 'The host has hardly any memory and swap left.',
    hint: 'See which process holds it before you stop anything: the gateway is the expensive one to restart.',
  },
  'memory-pressure': {
    message: 'The host spends its time waiting for memory.',
    hint: 'Something outgrew its budget: see what holds the memory before you stop anything.',
  },
  'oom-killed': {
    message: 'The kernel killed a process for its memory within the last hour.',
    hint: 'Compare what each service uses with its budget; what was killed has been started again.',
  },
  'docker-down': {
    message: 'The Docker engine does not answer.',
    hint: 'Start it. The gateway starts with it: keep the phone at hand if its login needs a 2FA.',
  },
  'docker-denied': {
    message: 'This user may not talk to the Docker engine.',
    hint: 'Reach the host as root or as a member of the group docker.',
  },
  'clock-off': {
    message: "The host's clock is wrong.",
    hint: 'Certificates and the gateway need the right time: switch its synchronisation on, and see whether it gets there.',
  },
} as const;
