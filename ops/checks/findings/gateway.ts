/** What can be wrong inside the gateway's container: between its door and IBKR. */
export const GATEWAY = {
  'forwarder-down': {
    message: 'The gateway listens, and the forwarder (socat) in front of it does not.',
    hint: 'The image starts it with the gateway: restart the gateway, by IBC where that spares the 2FA.',
  },
  'api-port-closed': {
    message: 'The forwarder (socat) listens, and the gateway behind it does not.',
    hint: 'The login has not finished, or the gateway is starting: its log says how far it has come.',
  },
  'credentials-missing': {
    message: 'The gateway waits for a secret that is not there.',
    hint: 'Set it; the gateway goes on by itself within seconds.',
  },
  'gateway-folder-unusable': {
    message: "The gateway's settings folder cannot be written to.",
    hint: "Its log names the folder and the user it must belong to; then restart the gateway's container.",
  },
  'gateway-config-refused': {
    message: 'The gateway image refuses its configuration.',
    hint: 'Its log names the value; correct it in the stack file and deploy.',
  },
  'login-running': {
    message: 'The gateway is logging in.',
    hint: 'Wait a minute or two and watch its log.',
  },
  '2fa-pending': {
    message: 'The gateway waits for a person to confirm its login (2FA).',
    hint: 'Confirm it in IBKR Mobile on your phone; its log says when it is through.',
  },
  '2fa-missed': {
    message: 'Nobody confirmed the login (2FA) in time.',
    hint: 'With the phone in your hand, start a full login and confirm it in IBKR Mobile.',
  },
  'login-dialog-missing': {
    message: 'The login window never came, and IBC gave up.',
    hint: 'The machine is too slow or the gateway is broken: start it once more and watch its log.',
  },
  'username-unrecognized': {
    message: 'IBKR does not recognise the user name.',
    hint: 'After an automatic restart this is a stale session: one full login ends it. At a first login check the name.',
  },
  'credentials-refused': {
    message: 'IBKR refuses user name or password.',
    hint: 'Set the right one before the next try: every failed login counts towards a lock-out.',
  },
  'account-locked': {
    message: 'IBKR has locked this user name.',
    hint: 'Do not try again before the lock-out is over: the action below waits for it, then logs in once.',
  },
  'login-refused': {
    message: 'IBKR refused the login.',
    hint: 'The evidence has its words; agreements that wait to be accepted are accepted in the Client Portal.',
  },
  'login-backoff': {
    message: 'Too many failed logins: IBKR makes the gateway wait.',
    hint: 'IBC tries again by itself when the time in the evidence has come: leave it alone until then.',
  },
  'login-budget-spent': {
    message:
      'The gateway has spent its login budget and tries no more, so that IBKR does not lock the user name.',
    hint: 'Find out in its log why the logins failed and mend that first; the action below gives the budget back.',
  },
  'second-session': {
    message: 'Somebody else is logged in with the same user name.',
    hint: 'Log out there (phone, desktop), or lend the session for as long as it is needed; then restart the gateway.',
  },
  'cold-restart': {
    message: 'The gateway makes its full login of the week.',
    hint: 'A live account needs its 2FA now: keep the phone at hand and watch the log.',
  },
  'gateway-gave-up': {
    message: 'IBC ended with an error.',
    hint: 'The evidence has its exit code; the lines before it in the log say why.',
  },
  'read-only': {
    message: "The gateway's API is Read-Only, and the configuration does not say so: orders are refused.",
    hint: 'IBC sets it at a start; if it comes back, somebody changed it on the screen.',
  },
  'sockets-half-closed': {
    message: 'The gateway holds connections whose clients have gone.',
    hint: 'Their client ids stay taken and it runs out of the 32 it has: restart it, by IBC where that spares the 2FA.',
  },
  'clients-full': {
    message: 'The gateway has as many clients as it takes: 32.',
    hint: 'Find out which programs connect; each connection that is not closed holds one.',
  },
} as const;
