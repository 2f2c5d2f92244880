/**
 * IBKR account numbers: U, F or I for live, DU, DF or DI for paper, sometimes one more letter, then digits.
 * Five digits at least, so that no symbol or date is taken for one.
 */
const ACCOUNT = /\b(D?[UFI][A-Z]?)\d{2,}(\d{3})\b/g;

/** `DU1234567` as `DU…567`. A name of another form keeps its last three characters at most. */
export function maskAccount(account: string): string {
  const letters = /^[A-Z]{0,3}/.exec(account)?.[0] ?? '';
  const rest = account.slice(letters.length);
  return rest.length > 3 ? `${letters}…${rest.slice(-3)}` : `${letters}…`;
}

/** A text from the gateway with every account number in it masked. Logs, events and /health take only this. */
export function maskAccounts(text: string): string {
  return text.replace(ACCOUNT, '$1…$2');
}
