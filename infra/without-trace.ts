import { RunError } from '@pulumi/pulumi';
import { ConfigError } from '../compose/config.ts';

/** Reads a configuration. Its mistakes become a RunError, which Pulumi prints without a stack trace. */
export function withoutTrace<T>(title: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigError) throw new RunError(`${title}:\n${error.message}\n${error.hint}`);
    throw error;
  }
}
