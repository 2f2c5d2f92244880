/** Longer heads than a browser, a probe or a proxy sends are not worth reading here. */
const LONGEST = 2_048;

const FIRST_LINE = /^GET (\/[a-z]+) HTTP\/1\.1$/;

/** One space, no other white space at either end, nothing but visible ASCII and spaces between. */
const FIELD = /^([A-Za-z0-9-]+): ([\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)$/;

/**
 * Fields that change nothing in the answer to a GET from memory. Whatever could (Connection, Content-Length,
 * Transfer-Encoding, Expect, Upgrade) is not here, and what nobody thought of is not either.
 */
const HARMLESS: ReadonlySet<string> = new Set([
  'host',
  'accept',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'content-type',
  'pragma',
  'user-agent',
  'via',
  'x-api-key',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
]);

/**
 * The path of a GET without query whose head is all there is in `bytes`, from the first byte to the last; undefined
 * for everything else. It takes a part of what RFC 9112 allows and no byte more, so that no other reader of the
 * same bytes can see a second request, or a body, in them.
 */
export function pathOfSimpleGet(bytes: Buffer): string | undefined {
  if (bytes.length > LONGEST) return undefined;
  const lines = bytes.toString('latin1').split('\r\n');
  if (lines.pop() !== '' || lines.pop() !== '') return undefined;
  const path = FIRST_LINE.exec(lines[0] ?? '')?.[1];
  const fields = lines.slice(1).map((line) => FIELD.exec(line));
  const hosts = fields.filter((field) => field?.[1]?.toLowerCase() === 'host').length;
  return hosts === 1 && fields.every(isHarmless) ? path : undefined;
}

function isHarmless(field: RegExpExecArray | null): boolean {
  const [, name = '', value = ''] = field ?? [];
  return HARMLESS.has(name.toLowerCase()) || /^connection: keep-alive$/i.test(`${name}: ${value}`);
}
