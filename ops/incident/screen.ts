import { crc32, deflateSync, gunzipSync } from 'node:zlib';

/** A picture: three bytes a pixel, rows from the top. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Buffer;
}

/** What screenStream prints, as the bytes of a PNG. Throws with what the VNC server said instead. */
export function screenshot(printed: string): Buffer {
  return png(pictureIn(gunzipSync(Buffer.from(printed, 'base64'))));
}

/** The server's version and its kind of security: 12 and 4 bytes (RFC 6143, 7.1, as version 3.3 has it). */
const GREETING = 16;
/** Size of the screen, its own pixel format, and the length of its name (7.3.2). */
const SERVER_INIT = 24;
const BYTES_PER_PIXEL = 4;

/** Puts together what a VNC server sent for one request of its whole screen, in raw 32-bit pixels. */
export function pictureIn(bytes: Buffer): Picture {
  if (bytes.length < GREETING || bytes.readUInt32BE(12) !== 1)
    throw new Error('the screen is not shown without a password');
  const width = bytes.readUInt16BE(GREETING);
  const height = bytes.readUInt16BE(GREETING + 2);
  const rgb = Buffer.alloc(width * height * 3);
  let at = GREETING + SERVER_INIT + bytes.readUInt32BE(GREETING + 20);
  let painted = 0;
  // FramebufferUpdate (7.6.1); whatever else a server says ends what can be read.
  while (at + 4 <= bytes.length && bytes[at] === 0) {
    const count = bytes.readUInt16BE(at + 2);
    at += 4;
    for (let n = 0; n < count && at + 12 <= bytes.length; n += 1) {
      const [x, y, w, h] = [0, 2, 4, 6].map((offset) => bytes.readUInt16BE(at + offset)) as [
        number,
        number,
        number,
        number,
      ];
      if (bytes.readInt32BE(at + 8) !== 0)
        throw new Error('the screen came in an encoding that was not asked for');
      at += 12;
      painted += paint({ width, height, rgb }, bytes.subarray(at, at + w * h * BYTES_PER_PIXEL), {
        x,
        y,
        w,
        h,
      });
      at += w * h * BYTES_PER_PIXEL;
    }
  }
  if (painted === 0) throw new Error('no picture came');
  return { width, height, rgb };
}

interface Area {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Blue, green, red, nothing, as they were asked for. Returns how many pixels there were: the last area may be cut off. */
function paint({ width, height, rgb }: Picture, pixels: Buffer, { x, y, w, h }: Area): number {
  if (x + w > width || y + h > height) throw new Error('the screen came with areas beyond its size');
  const count = Math.floor(pixels.length / BYTES_PER_PIXEL);
  for (let n = 0; n < count; n += 1) {
    const to = ((y + Math.floor(n / w)) * width + x + (n % w)) * 3;
    for (let colour = 0; colour < 3; colour += 1)
      rgb[to + colour] = pixels[n * BYTES_PER_PIXEL + 2 - colour] ?? 0;
  }
  return count;
}

/** PNG (ISO 15948): signature, header, one run of compressed rows with filter 0, end. */
export function png({ width, height, rgb }: Picture): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits a colour, red green blue.
  header.set([8, 2], 8);
  const rows = Array.from({ length: height }, (_, row) => [
    Buffer.alloc(1),
    rgb.subarray(row * width * 3, (row + 1) * width * 3),
  ]);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
