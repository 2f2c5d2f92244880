import { describe, expect, it } from 'vitest';
import type { ExternalConfig } from '../../compose/config/gateway.ts';
import { externalHint } from '../../compose/gateway/external.ts';
import { configOf } from './stacks.ts';

const hintFor = (gateway: Record<string, unknown> = {}) =>
  externalHint(configOf('external', { gateway }).gateway as ExternalConfig);

describe('what a person has to enter in a gateway that runs elsewhere', () => {
  it('on this machine: the address it sees the bridge come from', () => {
    expect(hintFor()).toContain('The gateway at host.docker.internal:4002,');
    expect(hintFor()).toMatch(/trusted IP: 127\.0\.0\.1 with Docker Desktop, else what `docker compose exec/);
  });

  it('on another: the address of the machine of the stack', () => {
    expect(hintFor({ host: '192.168.1.20', tradingMode: 'live' })).toMatch(
      /^The gateway at 192\.168\.1\.20:4001, .*trusted IP: the address of the machine this stack runs on\.$/,
    );
  });
});
