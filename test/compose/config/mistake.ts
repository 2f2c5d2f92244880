/** What it is, what is written, and exactly what a person reads about it. */
export type Mistake = readonly [what: string, written: Record<string, unknown>, message: string];
