import { LOOPBACK } from '../../compose/spec.ts';
import { opsError } from '../errors.ts';
import { atPlace, type Place } from '../runbook/place.ts';
import { needLogin } from '../situation/refusals.ts';
import { keepUp } from '../tunnel/keep-up.ts';
import type { VerbContext } from '../verb.ts';

/** Brings the gateway's screen to this machine's loopback, for a login by hand, until Ctrl-C. */
export async function vnc(context: VerbContext): Promise<number> {
  const { options, out, stack } = context;
  return atPlace(context, async (place) => {
    const { dialect } = needLogin(place);
    const there = { host: LOOPBACK, port: vncPortOf(place) };
    const port = typeof options.port === 'number' ? options.port : there.port;
    if (options.dryRun) {
      out.line(place.site.host.tunnelLine({ local: port, ...there }));
      return 0;
    }
    const use = (local: number) =>
      `the screen of the gateway of ${stack}: ${words(dialect, local)}. Ctrl-C ends it`;
    return keepUp(
      place.site.host,
      { what: `the screen of ${stack}`, port, address: async () => there, use },
      context,
    );
  });
}

/** gnzsnz shows VNC with the password VNC_PASSWORD; extrange a web page without one. */
function words(dialect: string, port: number): string {
  return dialect === 'extrange'
    ? `http://127.0.0.1:${port} in a browser`
    : `vnc://127.0.0.1:${port} in a VNC viewer, with the secret VNC_PASSWORD`;
}

function vncPortOf({ target: { config, stack } }: Place): number {
  const port = 'vncPort' in config.gateway ? config.gateway.vncPort : undefined;
  if (port === undefined) throw opsError('screen-off', stack);
  return port;
}
