/** How much harm a mistake does here: what every action asks for follows from it. */
export type Protection = 'local' | 'shared' | 'production'

/** The place that a project moves: shown at the top edge, and typed by a person who changes production. */
export interface Environment {
  readonly name: string
  readonly protection: Protection
  /** Why it counts as that, in words, such as "lockstep.yml says so". */
  readonly why: string
}
