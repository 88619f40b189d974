/** One object of a database's schema as it is printed: what a fingerprint is made of, and what people compare. */
export interface PrintedItem {
  readonly kind: string
  readonly ident: string
  readonly definition: string
}
