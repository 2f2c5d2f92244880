import { connect } from 'node:net';
import { encodeClientHello, encodeFrame, FrameReader, MAX_VERSION, requests } from '../../tws/index.ts';
import { median } from './figures.ts';
import { simulatorProcess } from './simulator.ts';

const SYMBOLS = ['SPY', 'QQQ', 'IWM', 'DIA', 'XLE', 'XLF', 'XLK', 'AAPL', 'AMZN', 'MSFT'];
/** More than an account has (100 by default): with fewer, the market's own pace is what is measured. */
const LINES = 1000;
const SETTLED = 100_000;
const COUNTED = 400_000;

/** How many ticks a second the simulated gateway can send to one client, on a market that moves every millisecond. */
export async function benchTicks(rounds: number): Promise<string> {
  const rates: number[] = [];
  for (let round = 0; round < Math.ceil(rounds / 4); round += 1) rates.push(await rate());
  const perSecond = Math.round(median(rates) / 1000) * 1000;
  return `The simulated gateway sends ${perSecond} messages a second over ${LINES} lines of market data (median of ${rates.length} rounds of ${COUNTED}).`;
}

async function rate(): Promise<number> {
  const simulator = await simulatorProcess('--tick-ms', '1');
  try {
    return await count(simulator.port);
  } finally {
    simulator.stop();
  }
}

/** Messages a second, counted and not decoded: the simulator is what is measured. */
function count(port: number): Promise<number> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  const reader = new FrameReader();
  return new Promise((resolve, reject) => {
    let seen = 0;
    let begun = 0;
    socket.on('error', reject);
    socket.on('connect', () => socket.write(encodeClientHello(MAX_VERSION, MAX_VERSION)));
    socket.on('data', (chunk) =>
      reader.push(chunk, () => {
        seen += 1;
        if (seen === 1) subscribe((bytes) => socket.write(bytes));
        if (seen === SETTLED) begun = performance.now();
        if (seen !== SETTLED + COUNTED) return;
        resolve((COUNTED * 1000) / (performance.now() - begun));
        socket.destroy();
      }),
    );
  });
}

function subscribe(write: (bytes: Buffer) => void): void {
  write(encodeFrame(requests.startApi, { clientId: 1, optionalCapabilities: '' }, MAX_VERSION));
  for (let line = 0; line < LINES; line += 1) {
    const symbol = SYMBOLS[line % SYMBOLS.length] ?? '';
    const fields = {
      ...{ reqId: line, includeExpired: false, hasDeltaNeutral: false, genericTickList: '' },
      ...{ snapshot: false, regulatorySnapshot: false, mktDataOptions: '' },
      contract: { symbol, secType: 'STK', exchange: 'SMART', currency: 'USD' },
    };
    write(encodeFrame(requests.reqMktData, fields, MAX_VERSION));
  }
}
