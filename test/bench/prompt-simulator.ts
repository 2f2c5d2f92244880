import { startSimulator } from '../../compose/simulator/src/simulator.ts';
import { type Clock, systemClock } from '../../compose/simulator/src/time/clock.ts';

/** Milliseconds the simulator takes to acknowledge an order, as a real gateway does. */
const ACKNOWLEDGE = 20;

/** Acknowledges at once: eight orders at a time could not be more than 400 a second otherwise, whoever sends them. */
const prompt: Clock = {
  now: systemClock.now,
  after(milliseconds, callback) {
    if (milliseconds !== ACKNOWLEDGE) return systemClock.after(milliseconds, callback);
    const immediate = setImmediate(callback);
    return () => clearImmediate(immediate);
  },
};

const [controlPort = '0'] = process.argv.slice(2);
const { port } = await startSimulator({ port: 0, controlPort: Number(controlPort), clock: prompt });
process.stdout.write(`listening on 127.0.0.1:${port}\n`);
