/** Something a person watching the bridge wants one line about. Texts are masked already. */
export interface BridgeEvent {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly kind: 'session' | 'notice' | 'order' | 'execution';
  readonly text: string;
  /** What to do about it, when there is something to do. */
  readonly hint?: string;
}

export type EventSink = (event: BridgeEvent) => void;
