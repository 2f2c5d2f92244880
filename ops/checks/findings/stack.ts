/** What can be wrong with the containers of a stack, and with what they were made from. */
export const STACK = {
  'stack-stopped': {
    message: 'A person stopped this stack, and nothing starts it before a person does.',
    hint: 'The evidence says who and when. Starting it costs a login of the gateway, which may need a 2FA.',
  },
  'gateway-lent': {
    message: 'The gateway is paused: its IBKR session was lent to a person.',
    hint: 'It is taken back at the time in the evidence; starting it now takes the session back at once.',
  },
  'login-resetting': {
    message: 'A login is being reset: the gateway waits out the lock-out of IBKR.',
    hint: 'Leave it alone: it logs in once when the time has come. Look again then.',
  },
  'container-missing': {
    message: 'The host runs no containers of this stack.',
    hint: 'Nothing was deployed there, or the stack was taken down.',
  },
  'container-stopped': {
    message: 'A container of the stack was stopped by hand.',
    hint: 'Docker would have started it again had it ended by itself: somebody ran docker stop.',
  },
  'container-paused': {
    message: 'A container of the stack is paused.',
    hint: 'Somebody ran docker pause: its process stands still until it is unpaused.',
  },
  'container-restarting': {
    message: 'A container of the stack ends again and again, and Docker restarts it.',
    hint: 'Its log says why it ends.',
  },
  'container-out-of-memory': {
    message: 'A container of the stack was killed for its memory.',
    hint: 'Compare what it uses with its budget, and give it more if it needs that.',
  },
  'container-down': {
    message: 'A container of the stack does not run.',
    hint: 'Its log says why it ended.',
  },
  'container-unhealthy': {
    message: 'A container of the stack fails its health check.',
    hint: 'Its log says why.',
  },
  'release-drift': {
    message: 'What runs is not what was deployed last.',
    hint: 'A deployment was cut short, or somebody changed a container by hand: see what deploying again would change.',
  },
} as const;
