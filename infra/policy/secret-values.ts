/** Inputs that hold a secret by their name, whatever stands there. */
const SECRET_NAME = /^(.*(password|passwd|secretdata|privatekey|api[-_]?keys?|credentials?|token))$/i;

/** Texts that are a secret wherever they stand. */
const SECRET_TEXT = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /"private_key":\s*"/,
  /https:\/\/hooks\.slack\.com\/services\/\w+/,
  /\bxox[abp]-[\w-]{10,}/,
  /\bAIza[\w-]{35}/,
  // A setting with its value in a script or an environment file. A variable or a path is not a value.
  /\b[A-Z_]*(PASSWORD|PASSWD|TOKEN|API_KEYS?|SECRET)=["']?[A-Za-z0-9+_-]{8,}/,
];

/** Paths of the inputs that hold something that looks like a secret. What a preview does not know yet is passed over. */
export function* secretsIn(value: object, path = ''): Generator<string> {
  for (const key of Object.keys(value)) {
    const part = known(value, key);
    const own = path === '' ? key : `${path}.${key}`;
    if (typeof part === 'string' && isSecret(key, part)) yield own;
    if (typeof part === 'object' && part !== null) yield* secretsIn(part, own);
  }
}

function isSecret(key: string, text: string): boolean {
  return text !== '' && (SECRET_NAME.test(key) || SECRET_TEXT.some((pattern) => pattern.test(text)));
}

/** In a preview, reading a value that is not known yet throws. */
function known(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}
