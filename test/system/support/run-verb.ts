// The command line in a process of its own: node run-verb.ts ROOT SSH_TARGET_JSON ARGUMENTS. Its host is the one given,
// whose key no option names; everything else is as in ops/main.ts.
import { gatehouse } from '../../../ops/main.ts';
import { createOutput, type TextStream } from '../../../ops/output.ts';
import { localRemote, sshRemote } from '../../../ops/remote.ts';

const [root = '', target = '', ...argv] = process.argv.slice(2);
process.exitCode = await gatehouse(argv, {
  root,
  env: process.env,
  out: createOutput(process.stdout as TextStream, process.stderr as TextStream, process.env),
  local: localRemote(),
  reach: () => sshRemote(JSON.parse(target)),
  onStop: (listener) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, listener);
    return () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, listener);
    };
  },
});
