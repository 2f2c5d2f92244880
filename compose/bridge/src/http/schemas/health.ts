import { z } from '@hono/zod-openapi';

const time = z.string().nullable();

export const healthAnswer = z
  .object({
    status: z.enum(['ok', 'degraded', 'busy', 'down']),
    connected: z.boolean(),
    state: z.enum(['connecting', 'authenticating', 'ready', 'degraded', 'down']),
    since: z.string(),
    cause: z.string().nullable(),
    hint: z.string().nullable(),
    gateway: z.string().openapi({ example: 'gateway:4004' }),
    serverVersion: z.int().nullable(),
    clientId: z.int(),
    accounts: z.array(z.string()).openapi({ description: 'Masked' }),
    tradingMode: z.enum(['paper', 'live']),
    readOnly: z.boolean(),
    farms: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(['market', 'history', 'definition']),
        state: z.enum(['ok', 'inactive', 'broken']),
        since: z.string(),
      }),
    ),
    lastDisconnectAt: time,
    lastDisconnectReason: z.string().nullable(),
    lastIbErrorAt: time,
    lastIbErrorCode: z.int().nullable(),
    lastIbErrorMessage: z.string().nullable(),
    lastReconnectAttemptAt: time,
    lastReconnectError: z.string().nullable(),
    reconnectAttempts: z.int(),
    reconnectFailures: z.int(),
    lastHeartbeatAt: time,
    lastHeartbeatError: z.string().nullable(),
    heartbeatFailures: z.int(),
    releaseId: z.string().nullable(),
  })
  .openapi('Health');

export type Health = z.infer<typeof healthAnswer>;
