/** Every deadline and interval of the bridge, in milliseconds. None of them is ever infinite. */
export interface Timings {
  /** From dialling until the TCP connection stands. */
  readonly connect: number;
  /** From there until the gateway's hello. A gateway that waits for a click on a dialog is silent here. */
  readonly hello: number;
  /** From the hello until nextValidId and managedAccounts have both come. */
  readonly login: number;
  /** Between one answered heartbeat and the next. */
  readonly heartbeatInterval: number;
  /** For one heartbeat; two unanswered in a row and the connection is given up as half-open. */
  readonly heartbeatDeadline: number;
  /** A data farm must be broken, or whole again, for this long before the session is called so. */
  readonly farmHold: number;
  /** GET /health?connect=true waits this long for an attempt to come out. */
  readonly connectNow: number;
  /** Reconnecting waits between the first and the last of these. */
  readonly backoffFirst: number;
  readonly backoffLast: number;
  /** A session this long resets the backoff; a shorter one counts as a failed attempt. */
  readonly stableAfter: number;
  /** After error 326: how long the gateway gets to notice that our own last connection is gone. */
  readonly staleSession: number;
  /** For one request to the gateway, its wait in the pacing queue included. */
  readonly request: number;
  /** POST /order waits this long for a status worth telling. */
  readonly orderStatus: number;
  /** GET /executions waits this long for the gateway, which sometimes never answers this; then it says so. */
  readonly executions: number;
  /** The bridge asks for the day's executions by itself this often. */
  readonly executionsInterval: number;
  /** What became of orders is asked again after this long while an answer is missing. */
  readonly reconcileInterval: number;
  /** GET /executions waits this long for commission reports that are still on their way. */
  readonly commission: number;
  /** A quote's values may come this long after its first. */
  readonly quote: number;
  /** A quote nobody listens to any more is kept up to date this long, for who asks again. */
  readonly quoteLinger: number;
  /** For all of GET /history, however many requests it takes: less than the 30 s Caddy waits for an answer to begin. */
  readonly history: number;
  /** On SIGTERM: what is in flight gets this long. Less than the 10 s `docker stop` grants. */
  readonly grace: number;
}

export const DEFAULT_TIMINGS: Timings = {
  connect: 5_000,
  hello: 10_000,
  login: 10_000,
  heartbeatInterval: 10_000,
  heartbeatDeadline: 5_000,
  farmHold: 10_000,
  connectNow: 5_000,
  backoffFirst: 500,
  backoffLast: 10_000,
  stableAfter: 10_000,
  staleSession: 2_000,
  request: 5_000,
  orderStatus: 2_000,
  executions: 2_000,
  executionsInterval: 600_000,
  reconcileInterval: 30_000,
  commission: 500,
  quote: 2_000,
  quoteLinger: 5_000,
  history: 25_000,
  grace: 5_000,
};
