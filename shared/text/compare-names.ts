const collator = new Intl.Collator('en', { numeric: true })

/** Puts names in the order in which people count: t2 before t10, whatever the locale of the machine. */
export function compareNames(left: string, right: string): number {
  return collator.compare(left, right)
}
