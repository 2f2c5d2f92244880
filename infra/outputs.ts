/** Outputs of a stack, by name: what `pulumi stack output NAME` prints. */
export type Outputs = Readonly<Record<string, unknown>>;
