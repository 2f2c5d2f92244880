import { describe, expect, test } from 'vitest';
import { listenForStop } from '../../../ops/dev/stop.ts';

describe('the wish to stop', () => {
  const listening = () => {
    let [time, listener] = [0, () => {}];
    const stop = listenForStop(
      (given) => {
        listener = given;
        return () => {
          listener = () => {};
        };
      },
      () => time,
    );
    const at = (ms: number) => {
      time = ms;
      listener();
    };
    return { stop, at, cut: () => Promise.race([stop.second, 'not yet']) };
  };

  test('one signal, twice delivered, is one', async () => {
    const { stop, at, cut } = listening();
    at(0);
    at(999);
    await stop.first;
    expect([stop.signal.aborted, await cut()]).toEqual([true, 'not yet']);
  });

  test('a second one later is the wish to stop at once', async () => {
    const { at, cut } = listening();
    at(0);
    at(1000);
    expect(await cut()).toBeUndefined();
  });

  test('nobody listens afterwards', async () => {
    const { stop, at } = listening();
    stop.ignore();
    at(0);
    expect(stop.signal.aborted).toBe(false);
  });
});
