import type { Session } from './session.ts';

/** The sessions there are, by client id. */
export class Sessions {
  readonly #byClient = new Map<number, Session>();

  get(clientId: number): Session | undefined {
    return this.#byClient.get(clientId);
  }

  all(): Session[] {
    return [...this.#byClient.values()];
  }

  add(session: Session): void {
    this.#byClient.set(session.clientId, session);
  }

  remove(session: Session): void {
    session.closeStreams();
    if (this.#byClient.get(session.clientId) === session) this.#byClient.delete(session.clientId);
  }
}
