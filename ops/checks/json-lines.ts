/** The objects of a text of JSON lines; a line that is none, as the last of a file being written, is left out. */
export function jsonLines(text: string): Readonly<Record<string, unknown>>[] {
  return text.split('\n').flatMap((line) => {
    const value = objectIn(line);
    return value === undefined ? [] : [value];
  });
}

/** The JSON object a text is; undefined for anything else. */
export function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
