/** A way in which the tables of a logical subscriber do not fit what is published to it. */
export type SubscriberDifference =
  /** Its apply worker stops at the first row of this table. */
  | { readonly kind: 'lacks_table'; readonly object: string }
  /** Its apply worker stops at the first row of this table. */
  | { readonly kind: 'lacks_column'; readonly object: string }
  /** No row brings a value for this column, and the subscriber wants one. */
  | { readonly kind: 'needs_value'; readonly object: string }
  /** It stops at the first value that does not fit. */
  | {
      readonly kind: 'other_type'
      readonly object: string
      readonly published: string
      readonly held: string
    }
  /** The table is there, and its rows are left out until the publication is read again. */
  | { readonly kind: 'not_taken'; readonly object: string }

/** What a plan means for one subscriber of a tenant's tables. */
export interface SubscriberForecast {
  readonly tenant: string
  readonly slot: string
  /** Name of the subscriber in the configuration; null where it is not declared. */
  readonly server: string | null
  /** Empty for one that is not declared. */
  readonly subscription: string
  /** Once the plan has run; of one that is not declared, as far as the plan brings them. */
  readonly differences: readonly SubscriberDifference[]
}

/** Whether this stops the apply worker for sure, as soon as a row comes. */
export function breaksApply({ kind }: SubscriberDifference): boolean {
  return kind === 'lacks_table' || kind === 'lacks_column' || kind === 'needs_value'
}

/** A difference in words, about the subscriber as `it`. */
export function describeDifference(difference: SubscriberDifference): string {
  switch (difference.kind) {
    case 'lacks_table':
      return `it has no table ${difference.object}`
    case 'lacks_column':
      return `it has no column ${difference.object}`
    case 'needs_value':
      return `it wants a value for ${difference.object}, which is not published`
    case 'other_type':
      return `its ${difference.object} is ${difference.held}, and ${difference.published} is published`
    case 'not_taken':
      return `it leaves out the rows of ${difference.object}`
  }
}
