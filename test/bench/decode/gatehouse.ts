import { answerCatalogue, FrameReader } from '../../../tws/index.ts';
import { VERSION } from './frames.ts';
import { measureDecoder } from './loop.ts';

const reader = new FrameReader();
let decoded = 0;

measureDecoder(
  (chunk) =>
    reader.push(chunk, (payload) => {
      if (answerCatalogue.decode(payload, VERSION).type !== 'unknown') decoded += 1;
    }),
  () => decoded,
);
