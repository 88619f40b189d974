/** One object of a database's schema, as a fingerprint sees it. */
export interface CatalogItem {
  readonly kind: string
  readonly ident: string
  readonly definition: string
}
