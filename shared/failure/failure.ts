import type { ClosedReason, ClosingRun } from '../server/closed-reason.ts'
import type { EndpointAttempt } from '../server/docker-container.ts'
import type { ServerWay } from '../server/server-way.ts'
import type { RecoveryFailure } from './recovery-failure.ts'
import type { RollbackFailure } from './rollback-failure.ts'
import type { RunFailure } from './run-failure.ts'
import type { SessionFailure } from './session-failure.ts'

/**
 * Everything that can go wrong at a boundary, as data. Words are made from it by `describeFailure`.
 *
 * No member ever holds a password, a connection string or a whole environment: failures enter the run log.
 */
export type Failure =
  | { readonly kind: 'config_missing'; readonly searchedFrom: string }
  | {
      readonly kind: 'config_invalid'
      readonly file: string
      readonly line: number
      readonly column: number
      readonly path: string
      readonly problem: string
      /** The nearest known key, when the problem is a misspelt one. */
      readonly nearest?: string
    }
  | { readonly kind: 'usage'; readonly problem: string; readonly fix: string }
  | {
      readonly kind: 'server_unreachable'
      readonly server: string
      readonly endpoint: string
      readonly code: string
    }
  | { readonly kind: 'authentication_failed'; readonly server: string; readonly user: string }
  | { readonly kind: 'database_missing'; readonly server: string; readonly database: string }
  | { readonly kind: 'pooler_refused'; readonly server: string }
  | { readonly kind: 'primary_missing'; readonly cluster: string }
  | DockerFailure
  | { readonly kind: 'tenants_empty'; readonly looked: string }
  | {
      readonly kind: 'database_closed'
      readonly server: string
      readonly database: string
      readonly why: ClosedReason
      /** The run that closed it, to put a copy in its place. */
      readonly by?: ClosingRun
    }
  | {
      readonly kind: 'tenants_unreadable'
      readonly tenants: readonly { readonly tenant: string; readonly failure: Failure }[]
    }
  | { readonly kind: 'tenant_unknown'; readonly tenant: string; readonly known: readonly string[] }
  | { readonly kind: 'interpreter_missing'; readonly tried: readonly InterpreterAttempt[] }
  | { readonly kind: 'alembic_missing'; readonly interpreter: string; readonly missing: string }
  | { readonly kind: 'alembic_config_missing'; readonly file: string }
  | SourceFailure
  | { readonly kind: 'revision_unknown'; readonly tenant: string; readonly revision: string }
  | { readonly kind: 'several_heads'; readonly heads: readonly string[]; readonly mergeCommand: string }
  | {
      readonly kind: 'migration_edited'
      readonly file: string
      readonly revision: string
      readonly tenant: string
      readonly recorded: string
      readonly found: string
    }
  | MigrationFailure
  | {
      readonly kind: 'not_transactional'
      readonly tenant: string
      readonly revision: string
      readonly statement: string
      readonly reason: string
    }
  | {
      readonly kind: 'wrong_database'
      readonly tenant: string
      readonly expected: string
      readonly actual: string
      /** The project's own function that opened the connection. */
      readonly opener?: ConnectionOpener
    }
  /** A statement that waits for a lock which another session of the project itself holds. */
  | {
      readonly kind: 'own_session_blocks'
      readonly tenant: string
      readonly revision: string
      readonly table: string
      readonly statement: string
      /** Where that session was opened. */
      readonly file?: string
      readonly line?: number
    }
  | { readonly kind: 'committed_behind_our_back'; readonly tenant: string; readonly detail: string }
  | {
      readonly kind: 'inspection_failed'
      readonly tenant: string
      readonly problem: string
      readonly evidence: readonly string[]
    }
  | {
      readonly kind: 'database_error'
      readonly sqlstate: string
      readonly message: string
      readonly server?: string
      readonly database?: string
      readonly detail?: string
      readonly constraint?: string
    }
  /** A session that would prepare as a role whose transactions Lockstep's own login may not finish. */
  | {
      readonly kind: 'vote_unfinishable'
      readonly tenant: string
      readonly owner: string
      readonly user: string
    }
  /** A prepared transaction that belongs to a role which the finishing session may not take. */
  | {
      readonly kind: 'vote_of_another_role'
      readonly server: string
      readonly database: string
      readonly gid: string
      readonly owner: string
      readonly user: string
      readonly how: 'commit' | 'rollback'
    }
  | { readonly kind: 'connection_lost'; readonly server: string; readonly during: string }
  | { readonly kind: 'worker_died'; readonly tenant: string; readonly detail: string }
  | RunFailure
  | { readonly kind: 'gates_stopped'; readonly gates: readonly string[] }
  | { readonly kind: 'smoke_failed'; readonly tests: readonly string[] }
  /** A hook of the team failed, or could not be judged. */
  | {
      readonly kind: 'hook_stopped'
      readonly hook: string
      readonly moment: 'before' | 'after'
      readonly phase: string
    }
  | { readonly kind: 'replica_behind'; readonly server: string; readonly problem: string }
  | {
      readonly kind: 'schema_differs'
      readonly tenant: string
      readonly server: string
      readonly objects: readonly string[]
    }
  | { readonly kind: 'rollback_unproven'; readonly tenants: readonly string[]; readonly reason: string }
  | { readonly kind: 'approval_missing'; readonly planId: string }
  | {
      readonly kind: 'plan_void'
      readonly approved: string
      readonly actual: string
      readonly moved: readonly string[]
      /** The run that was to be undone, where it was about that. */
      readonly undoes?: string
    }
  /** No scratch copy of a tenant could be made. */
  | {
      readonly kind: 'shadow_failed'
      readonly tried: readonly { readonly how: string; readonly outcome: string }[]
    }
  | RecoveryFailure
  /** A rehearsal would change more than its copy, and there is no server of our own to contain it. */
  | {
      readonly kind: 'reaches_beyond'
      readonly tenant: string
      /** What reaches how far, in words. */
      readonly reach: string
      /** Why it could not be contained. */
      readonly why: string
    }
  | RollbackFailure
  | SessionFailure
  /** A report for CI; what the run did stays done. */
  | {
      readonly kind: 'report_unwritable'
      readonly report: string
      readonly file: string
      readonly code: string
    }
  | { readonly kind: 'sandbox_failed'; readonly problem: string; readonly fix: string }
  | { readonly kind: 'deadline_passed'; readonly waitingFor: string; readonly seconds: number }
  | { readonly kind: 'cancelled'; readonly reason: string }
  | { readonly kind: 'internal'; readonly message: string; readonly stack?: string }

/** What Compose files, the Docker daemon and its containers refuse. */
export type DockerFailure =
  | { readonly kind: 'compose_missing'; readonly folder: string; readonly looked: readonly string[] }
  | {
      readonly kind: 'compose_invalid'
      readonly file: string
      readonly line: number
      readonly column: number
      readonly problem: string
      readonly fix: string
    }
  | {
      readonly kind: 'docker_unavailable'
      readonly state: 'absent' | 'denied' | 'silent'
      readonly tried: readonly EndpointAttempt[]
    }
  | {
      readonly kind: 'docker_failed'
      /** Such as `list containers`. */
      readonly call: string
      readonly endpoint: string
      /** HTTP status; null when the answer got lost. */
      readonly status: number | null
      readonly message: string
    }
  | { readonly kind: 'service_unknown'; readonly service: string; readonly known: readonly string[] }
  | { readonly kind: 'container_not_running'; readonly service: string; readonly state: string }
  | {
      readonly kind: 'no_way_to_server'
      readonly server: string
      readonly tried: readonly WayAttempt[]
    }

/** A way to a server that was tried, and why it was not taken. */
export interface WayAttempt {
  readonly way: ServerWay
  readonly outcome: string
}

/** A function of an Alembic project that opens connections, or changes how they are opened. */
export interface ConnectionOpener {
  readonly how: 'creator' | 'do_connect'
  readonly name: string
  readonly file?: string
  readonly line?: number
}

/** A migration source that cannot be read: its code raised, or a file is malformed. */
export interface SourceFailure {
  readonly kind: 'source_failed'
  /** What was being done, such as "loading revision 0003" or "running env.py". */
  readonly during: string
  readonly file?: string
  readonly line?: number
  readonly error: string
  /** The import that is not installed, when that is the cause. */
  readonly missingModule?: string
  /** What to write instead, where the cause is known. */
  readonly remedy?: string
}

/** A statement of a migration that the database, or the revision's own code, refused. */
export interface MigrationFailure {
  readonly kind: 'migration_failed'
  readonly tenant: string
  readonly revision: string
  readonly message: string
  readonly sqlstate?: string
  readonly detail?: string
  readonly constraint?: string
  readonly statement?: string
  readonly file?: string
  readonly line?: number
}

/** One place where an interpreter was looked for, and what was found there. */
export interface InterpreterAttempt {
  readonly where: string
  readonly outcome: string
}

/** An exception that carries a failure across code that can only throw. */
export class LockstepError extends Error {
  readonly failure: Failure
  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.kind, options)
    this.name = 'LockstepError'
    this.failure = failure
  }
}

/** Turns anything caught into a failure; what is not ours becomes `internal`. */
export function toFailure(error: unknown): Failure {
  if (error instanceof LockstepError) return error.failure
  if (error instanceof Error) {
    return { kind: 'internal', message: error.message, ...(error.stack ? { stack: error.stack } : {}) }
  }
  return { kind: 'internal', message: String(error) }
}
