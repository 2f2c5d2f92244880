import { z } from 'zod';
import { BridgeError } from './errors.ts';

const port = z.coerce.number().int().min(1).max(65_535);

const schema = z.object({
  BRIDGE_HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  /** 0 lets the system choose; the log says which. */
  BRIDGE_HTTP_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  BRIDGE_GATEWAY_HOST: z.string().min(1),
  BRIDGE_GATEWAY_PORT: port,
  BRIDGE_CLIENT_ID: z.coerce.number().int().min(0).max(2_147_483_647).default(100),
  BRIDGE_TRADING_MODE: z.enum(['paper', 'live']).default('paper'),
  BRIDGE_API_KEYS_FILE: z.string().min(1),
  BRIDGE_DATA_DIR: z.string().min(1),
  BRIDGE_RELEASE_ID: z.string().min(1).exactOptional(),
  BRIDGE_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

export type Environment = z.infer<typeof schema>;

/** @throws BridgeError `environment-invalid` with every mistake: the variable, the rule, the value. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const result = schema.safeParse(env);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map((issue) => {
    const name = issue.path.join('.');
    return `${name}: ${issue.message}; got ${env[name] === undefined ? 'nothing' : `"${env[name]}"`}`;
  });
  throw new BridgeError('environment-invalid', mistakes.join('\n'));
}
