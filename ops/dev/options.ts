import { Option } from 'commander';
import { PORTS } from '../../compose/spec.ts';
import { hostAndPort, portOption, wholeNumber } from '../options.ts';

/** Where the bridge of npm start listens; macOS holds 5000, and 8080 is everybody's. */
export const BRIDGE_PORT = 8788;

/** What npm start can be told. */
export interface DevOptions {
  /** The bridge's; 0 lets the system choose, as for the others. */
  readonly port: number;
  readonly gatewayPort: number;
  readonly controlPort: number;
  readonly seed: number;
  readonly tradingMode: 'paper' | 'live';
  /** A real gateway instead of the simulated one. */
  readonly gateway?: { readonly host: string; readonly port: number };
}

export const DEV_OPTIONS: readonly Option[] = [
  portOption('--port', 'where the bridge listens').default(BRIDGE_PORT),
  new Option('--gateway <host:port>', 'use this gateway instead of the simulated one').argParser((text) =>
    hostAndPort('--gateway', text),
  ),
  new Option(
    '--trading-mode <mode>',
    'the account the gateway is logged in to: on paper, live ones get no orders',
  )
    .choices(['paper', 'live'])
    .default('paper'),
  portOption('--gateway-port', 'where the simulated gateway listens').default(PORTS.api.paper),
  portOption('--control-port', "where the simulated gateway's faults are set").default(
    PORTS.simulatorControl,
  ),
  new Option('--seed <number>', 'the simulated market: the same seed gives the same prices')
    .argParser((text) => wholeNumber('--seed', text, 0, 2 ** 31 - 1))
    .default(7),
];

/** commander's values under our names: every option has its parser above. */
export function devOptions(options: Readonly<Record<string, unknown>>): DevOptions {
  return options as unknown as DevOptions;
}
