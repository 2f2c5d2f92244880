import { describe, expect, test } from 'vitest';
import { AAPL, history } from '../../support/orders.ts';
import { stopped } from '../../support/simulator.ts';

describe('pacing', () => {
  test('the fifty-first message of a second is 100; the third breach ends the session', async () => {
    const sim = await stopped();
    const client = await sim.client();
    sim.faults.set('pacing');
    for (let i = 0; i < 53; i += 1) client.send('reqCurrentTime', {});
    await client.closed();
    expect(client.all('currentTime')).toHaveLength(50);
    expect(client.all('error', ({ errorCode }) => errorCode === 100)).toHaveLength(3);
  });

  test('a second later there is room again', async () => {
    const sim = await stopped();
    const client = await sim.client();
    sim.faults.set('pacing');
    for (let i = 0; i < 50; i += 1) client.send('reqCurrentTime', {});
    await client.until(() => client.all('currentTime').length === 50, 'fifty answers');
    sim.clock.advance(1_001);
    client.send('reqCurrentTime', {});
    await client.until(() => client.all('currentTime').length === 51, 'one more');
  });

  test('an identical query within 15 s is 162, and later is not', async () => {
    const sim = await stopped();
    const client = await sim.client();
    sim.faults.set('pacing');
    client.send('reqHistoricalData', history({ reqId: 1 }));
    client.send('reqHistoricalData', history({ reqId: 2 }));
    expect((await client.waitForError(162, 2)).errorMsg).toContain('pacing violation');
    sim.clock.advance(15_001);
    client.send('reqHistoricalData', history({ reqId: 3 }));
    await client.waitFor('historicalData', ({ reqId }) => reqId === 3);
  });

  test('the sixth at one contract within 2 s is 162', async () => {
    const sim = await stopped();
    const client = await sim.client();
    sim.faults.set('pacing');
    for (let i = 1; i <= 6; i += 1) {
      client.send('reqHistoricalData', history({ reqId: i, durationStr: `${i} D` }));
    }
    await client.waitForError(162, 6);
    expect(client.all('historicalData')).toHaveLength(5);
  });

  test('more than the allowance in ten minutes is 162; BID_ASK counts double', async () => {
    const sim = await stopped();
    const client = await sim.client();
    sim.faults.set('pacing', { historicalPer10Minutes: 4 });
    for (let i = 1; i <= 3; i += 1) {
      client.send('reqHistoricalData', history({ reqId: i, durationStr: `${i} D`, whatToShow: 'BID_ASK' }));
    }
    await client.waitForError(162, 3);
    expect(client.all('historicalData')).toHaveLength(2);
  });

  test('real-time bars above the allowance are 420', async () => {
    const sim = await stopped();
    const client = await sim.client();
    sim.faults.set('pacing', { historicalPer10Minutes: 1 });
    const bars = { contract: AAPL, barSize: 5, whatToShow: 'TRADES', useRTH: false, realTimeBarsOptions: '' };
    client.send('reqRealTimeBars', { reqId: 1, ...bars });
    client.send('reqRealTimeBars', { reqId: 2, ...bars });
    await client.waitForError(420, 2);
  });
});
