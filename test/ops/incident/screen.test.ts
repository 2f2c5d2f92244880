import { gzipSync, inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { pictureIn, screenshot } from '../../../ops/incident/screen.ts';

/** What a VNC server sends before its picture: version, no password, and a screen of this size named "x". */
function greeting(width: number, height: number, security = 1): Buffer {
  const init = Buffer.alloc(4 + 24 + 1);
  init.writeUInt32BE(security, 0);
  init.writeUInt16BE(width, 4);
  init.writeUInt16BE(height, 6);
  init.writeUInt32BE(1, 24);
  return Buffer.concat([Buffer.from('RFB 003.003\n'), init]);
}

/** One update with one area, all of one colour. */
function update(
  x: number,
  y: number,
  w: number,
  h: number,
  [red, green, blue]: [number, number, number],
): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt16BE(1, 2);
  for (const [n, value] of [x, y, w, h].entries()) head.writeUInt16BE(value, 4 + 2 * n);
  return Buffer.concat([head, ...Array.from({ length: w * h }, () => Buffer.from([blue, green, red, 0]))]);
}

const RED: [number, number, number] = [255, 0, 0];
const GREEN: [number, number, number] = [0, 255, 0];
const pixels = ({ rgb }: { rgb: Buffer }) => rgb.toString('hex').match(/.{6}/g);

describe('the screen a VNC server sends', () => {
  test('in one area, or in several updates', () => {
    expect(pixels(pictureIn(Buffer.concat([greeting(2, 1), update(0, 0, 2, 1, RED)])))).toEqual([
      'ff0000',
      'ff0000',
    ]);
    const two = Buffer.concat([greeting(2, 2), update(0, 0, 2, 1, RED), update(1, 1, 1, 1, GREEN)]);
    expect(pixels(pictureIn(two))).toEqual(['ff0000', 'ff0000', '000000', '00ff00']);
  });

  test('cut off: what came of it', () => {
    const cut = Buffer.concat([greeting(2, 1), update(0, 0, 2, 1, RED)]).subarray(0, -4);
    expect(pixels(pictureIn(cut))).toEqual(['ff0000', '000000']);
  });

  test.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), 'not shown without a password'],
    ['a password is wanted', greeting(2, 1, 2), 'not shown without a password'],
    ['no picture', greeting(2, 1), 'no picture came'],
    ['an area beyond it', Buffer.concat([greeting(1, 1), update(0, 0, 2, 1, RED)]), 'beyond its size'],
  ])('%s', (_what, bytes, why) => {
    expect(() => pictureIn(bytes)).toThrow(why);
  });

  test('as a PNG', () => {
    const bytes = Buffer.concat([greeting(2, 1), update(0, 0, 2, 1, RED)]);
    const made = screenshot(gzipSync(bytes).toString('base64'));
    expect(made.subarray(1, 4).toString()).toBe('PNG');
    expect([made.readUInt32BE(16), made.readUInt32BE(20)]).toEqual([2, 1]);
    const data = made.subarray(made.indexOf('IDAT') + 4, made.indexOf('IEND') - 8);
    expect(inflateSync(data).toString('hex')).toBe('00ff0000ff0000');
  });
});
