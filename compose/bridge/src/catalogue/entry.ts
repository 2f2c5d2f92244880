/** What is fixed about one of the bridge's own errors. TWS codes are explained by tws/codes.ts instead. */
export interface CatalogueEntry {
  /** HTTP status, for the errors that a request can meet. */
  readonly status: number;
  readonly title: string;
  readonly hint: string;
}
