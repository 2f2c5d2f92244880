/**
 * IBKR account numbers: U, F or I for live, DU, DF or DI for paper, sometimes one more letter, then digits.
 * Five digits at least, so that no symbol or date is taken for one.
 */
const ACCOUNT = /\b(D?[UFI][A-Z]?)\d{2,}(\d{3})\b/g;

/** `DU1234789` as `DU…789`: enough to tell two accounts apart, not enough to use. */
export function maskAccount(account: string): string {
  const letters = /^[A-Za-z]{0,3}/.exec(account)?.[0] ?? '';
  return `${letters}…${account.slice(letters.length).slice(-3)}`;
}

/** A text from the gateway with every account number in it masked. Logs, events and /health take only this. */
export function maskAccounts(text: string): string {
  return text.replace(ACCOUNT, (account) => maskAccount(account));
}
