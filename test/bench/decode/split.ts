import { FrameReader } from '../../../tws/index.ts';
import { measureDecoder } from './loop.ts';

// The least any decoder of text messages can do in JavaScript: no names, no checks, numbers where there may be some.
const reader = new FrameReader();
let decoded = 0;
/** Kept, so that the numbers are not optimised away. */
export let sum = 0;

measureDecoder(
  (chunk) =>
    reader.push(chunk, (payload) => {
      const fields = payload.toString('latin1').split('\0');
      for (let i = 1; i < 5; i += 1) sum += Number(fields[i]);
      decoded += 1;
    }),
  () => decoded,
);
