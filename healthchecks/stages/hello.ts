import { encodeClientHello, type ServerHello } from '../../tws/hello.ts';
import { MAX_VERSION, MIN_VERSION } from '../../tws/versions.ts';
import type { Outcome, StageMaker } from '../stage.ts';

/** The versions are agreed on: the first sign that this is a gateway, and that it takes API clients from here. */
export const hello: StageMaker = (run) => ({
  name: 'hello',
  start() {
    run.wire.send(encodeClientHello());
    return undefined;
  },
  see: (seen) => (seen.kind === 'hello' ? judge(seen.hello) : undefined),
  silence: () => ({ cause: 'silent-before-hello' }),
  ended: () => ({ cause: 'closed-before-hello' }),
});

function judge({ serverVersion }: ServerHello): Outcome {
  if (serverVersion >= MIN_VERSION && serverVersion <= MAX_VERSION) return 'done';
  return {
    cause: 'unsupported-version',
    detail: `it answered ${serverVersion}, the probe speaks ${MIN_VERSION} to ${MAX_VERSION}`,
  };
}
