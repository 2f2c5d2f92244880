import { freePort } from '../support/port.ts';
import { type Contender, startContender } from './bridge-contenders.ts';
import { median } from './figures.ts';
import { end, readyAt } from './process.ts';
import { promptSimulator } from './simulator.ts';

/**
 * Milliseconds from start to ready at the median, for each contender: started by turns, so that what else the machine
 * does meets all alike, at a gateway that has seen a client before.
 */
export async function startTimes(
  contenders: readonly Contender[],
  rounds: number,
): Promise<readonly number[]> {
  const gateway = await promptSimulator();
  try {
    const times: number[][] = contenders.map(() => []);
    for (const contender of contenders) await timed(contender, gateway.port);
    for (let round = 0; round < rounds; round++)
      for (const [index, contender] of contenders.entries())
        times[index]?.push(await timed(contender, gateway.port));
    return times.map(median);
  } finally {
    gateway.stop();
  }
}

async function timed(contender: Contender, gateway: number): Promise<number> {
  const http = await freePort();
  const started = performance.now();
  const child = startContender(contender, gateway, http);
  try {
    return (await readyAt(`http://127.0.0.1:${http}`)) - started;
  } finally {
    await end(child);
  }
}
