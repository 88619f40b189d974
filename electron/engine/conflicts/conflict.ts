import type { FindingSeverity, SourcePlace } from '../../../shared/analysis/finding.ts'

/** The kinds of conflicts, by the names that findings carry. */
export type ConflictRule =
  | 'several_heads'
  | 'branches_touch_same_object'
  | 'missing_object'
  | 'already_exists'
  | 'skipped_but_different'
  | 'column_type_differs'
  | 'type_name_taken'
  | 'enum_value_exists'
  | 'new_enum_value_used'
  | 'dependent_breaks'
  | 'long_name'
  | 'long_names_clash'
  | 'differs_from_main'
  | 'not_compared'

/** Something that does not fit, for one class of tenants or for all. */
export interface Conflict {
  readonly rule: ConflictRule
  readonly severity: FindingSeverity
  readonly revision: string | null
  readonly statement: number | null
  readonly place: SourcePlace | null
  readonly objects: readonly string[]
  readonly message: string
}

/** What is said of a kind of conflict, for any tenant. */
interface ConflictWords {
  readonly why: string
  readonly remedy: string
}

export const conflictWords: { readonly [K in ConflictRule]: ConflictWords } = {
  several_heads: {
    why: 'Which of them a tenant should be at depends on who asks, and two people who each add a revision cannot see that they contradict each other.',
    remedy: 'Join them in one revision that comes after both, such as with alembic merge.',
  },
  branches_touch_same_object: {
    why: 'Neither comes after the other, so the order is not agreed: what the second finds depends on which ran first.',
    remedy: 'Let one of them come after the other, or keep the change in one revision only.',
  },
  missing_object: {
    why: 'The statement fails where the object is not there, and takes back the whole group with it.',
    remedy: 'Bring these tenants to the schema of the others first, leave them out, or write if exists.',
  },
  already_exists: {
    why: 'The statement fails where the name is taken, and takes back the whole group with it.',
    remedy:
      'Look at who made it there; drop or rename it first, choose another name, or leave these tenants out.',
  },
  skipped_but_different: {
    why: 'With if not exists the statement does nothing where the name is taken, whatever it stands for: these tenants keep their own form.',
    remedy: 'Alter what is there in a statement of its own, so that every tenant ends alike.',
  },
  column_type_differs: {
    why: 'With if not exists the column stays as it is: these tenants end with another type than the others.',
    remedy: 'Change the type of the column there first, in a revision of its own.',
  },
  type_name_taken: {
    why: 'Types, and tables with them, share the names of their schema: the second of a name fails.',
    remedy: 'Choose another name, or drop the type that is there where nothing uses it.',
  },
  enum_value_exists: {
    why: 'An enum cannot hold a value twice: the statement fails.',
    remedy: 'Write add value if not exists.',
  },
  new_enum_value_used: {
    why: 'A new value of an enum cannot be used before the transaction that adds it has committed, and all revisions of a run share one transaction.',
    remedy: 'Add the value in one run, and use it in the next.',
  },
  dependent_breaks: {
    why: 'The server refuses to drop or change what something else is built on.',
    remedy: 'Drop what depends on it first, and recreate it afterwards, in the same revision.',
  },
  long_name: {
    why: 'PostgreSQL keeps 63 bytes of a name and drops the rest with a notice that is easily missed; later statements and tools that compare names do not find it.',
    remedy: 'Choose a name of at most 63 bytes.',
  },
  long_names_clash: {
    why: 'PostgreSQL keeps 63 bytes of a name: these are then one and the same.',
    remedy: 'Choose names that differ within their first 63 bytes.',
  },
  differs_from_main: {
    why: 'The plan changes an object that these tenants hold in another form than most: what works for the others may fail here, or end in a third form.',
    remedy: 'Bring the object to the form of the others first, or quarantine these tenants.',
  },
  not_compared: {
    why: 'What these tenants hold could not be read, so it is not known whether the plan fits them.',
    remedy: 'lockstep doctor',
  },
}
