import { gatewayPart } from '../../compose/gateway/gateway.ts';
import { PORTS } from '../../compose/spec.ts';
import { dockerAddresses } from '../commands/docker.ts';
import { atPlace, type Place } from '../runbook/place.ts';
import { apiAddress, knownApiAddress } from '../tunnel/api-address.ts';
import { keepUp } from '../tunnel/keep-up.ts';
import type { VerbContext } from '../verb.ts';

/** Brings the TWS API of a stack to this machine's loopback, for a client of one's own, until Ctrl-C. */
export async function api(context: VerbContext): Promise<number> {
  const { options, out, stack } = context;
  return atPlace(context, async (place) => {
    const { tradingMode } = gatewayPart(place.target.config).endpoint;
    const port = typeof options.port === 'number' ? options.port : PORTS.api[tradingMode];
    if (options.dryRun) {
      for (const line of dryLines(place, port)) out.line(line);
      return 0;
    }
    const use = (local: number) =>
      `the API of ${stack} (${tradingMode}) is at 127.0.0.1:${local}: give your client a client id of its own (1 to 99). Ctrl-C ends it`;
    return keepUp(
      place.site.host,
      { what: `the API of ${stack}`, port, address: () => apiAddress(place), use },
      context,
    );
  });
}

function dryLines(place: Place, local: number): string[] {
  const { host } = place.site;
  const known = knownApiAddress(place);
  if (known) return [host.tunnelLine({ local, ...known })];
  const { project, config } = place.target;
  const { port } = gatewayPart(config).endpoint;
  return [
    `${host.line(dockerAddresses(`${project}-gateway-1`))}  # ADDRESS below is that of ${project}_api`,
    host.tunnelLine({ local, host: 'ADDRESS', port }),
  ];
}
