import type { ReplayJudgement } from '../plan/replay-judgement.ts'
import { changeItem } from '../text/change-item.ts'
import { formatHeads, shortenText } from '../text/plain-words.ts'
import { readVolatileNumber, readVolatileText } from '../text/volatile.ts'
import { changeTenant, readIdentity } from './change-tenant.ts'
import { countUp } from './count-up.ts'
import { lasting } from './event-phrases.ts'
import { aboutTenant, defineEvent, type OfTenant } from './event-spec.ts'
import type { RunState, StatementState, TenantState } from './run-state.ts'

export type Attempt = OfTenant<'attempt' | 'sqlstate' | 'delayMs'>

export interface ExecutedStatement extends OfTenant<'durationMs' | 'rowCount'> {
  readonly revision: string
  readonly index: number
  readonly sql: string
}

type JudgedReplay = OfTenant & ReplayJudgement

/** What a tenant does on its way to its vote. */
export const tenantEvents = {
  'tenant.started': defineEvent<OfTenant & { from: readonly string[]; to: readonly string[] }>({
    source: 'migration',
    level: 'info',
    visibility: 'verbose',
    timing: 'progress',
    subject: aboutTenant,
    words: ({ tenant, from, to }) => `tenant ${tenant} started: ${formatHeads(from)} -> ${formatHeads(to)}`,
    fold: (state, { tenant, group, from, to, at }) =>
      changeTenant(state, tenant, known => ({
        ...known,
        group,
        // Steps that run one by one begin again and again: the way began with the first.
        from: known.startedAt === null ? from : known.from,
        to,
        status: 'running',
        attempts: Math.max(1, known.attempts),
        startedAt: known.startedAt ?? at,
        rolledBack: null,
      })),
  }),

  'tenant.retried': defineEvent<Attempt>({
    source: 'migration',
    level: 'warning',
    visibility: 'always',
    timing: 'transient',
    subject: aboutTenant,
    words: fact => `tenant ${fact.tenant} lost a lock race and tries again${describeAttempt(fact)}`,
    fold: (state, { tenant }) =>
      countUp(
        changeTenant(state, tenant, known => ({
          ...known,
          ...freshAttempt,
          attempts: known.attempts + 1,
        })),
        'retries',
      ),
  }),

  'statement.executed': defineEvent<ExecutedStatement>({
    source: 'migration',
    level: 'info',
    visibility: 'verbose',
    timing: 'attempt',
    subject: aboutTenant,
    words: fact =>
      `tenant ${fact.tenant} ${fact.revision} #${fact.index}: ${shortenText(fact.sql, 120)}${lasting(fact)}`,
    fold: (state, event) =>
      countUp(
        addStatement(
          changeTenant(state, event.tenant, known => ({
            ...known,
            statements: known.statements + 1,
            currentRevision: event.revision,
          })),
          event,
        ),
        'statements',
      ),
  }),

  'revision.applied': defineEvent<OfTenant<'durationMs'> & { revision: string }>({
    source: 'migration',
    level: 'info',
    visibility: 'verbose',
    timing: 'attempt',
    subject: aboutTenant,
    words: fact => `tenant ${fact.tenant} applied ${fact.revision}${lasting(fact)}`,
    fold: (state, { tenant, revision }) =>
      countUp(
        changeTenant(state, tenant, known => ({
          ...known,
          revisions: [...known.revisions, revision],
          currentRevision: revision,
        })),
        'revisions',
      ),
  }),

  /** Whether what two tenants were sent goes to those that begin as they do, and for each revision why not. */
  'replay.judged': defineEvent<JudgedReplay>({
    source: 'migration',
    level: 'info',
    visibility: 'verbose',
    timing: 'transient',
    subject: aboutTenant,
    words: describeReplay,
    fold: state => state,
  }),

  /** The last statement before PREPARE or COMMIT is next; `volatile` holds the gid and the transaction id. */
  'tenant.voting': defineEvent<OfTenant<'gid' | 'xid'>>({
    source: 'migration',
    level: 'info',
    visibility: 'verbose',
    timing: 'attempt',
    subject: aboutTenant,
    words: ({ tenant }) => `tenant ${tenant} is voting`,
    fold: (state, { tenant, volatile }) =>
      changeTenant(state, tenant, known => ({
        ...known,
        ...readIdentity(known, volatile),
        voting: true,
      })),
  }),
}

function describeReplay({ tenant, covers, difference, revisions }: JudgedReplay): string {
  if (covers === 'tenant') return `tenant ${tenant} runs in Python: ${difference}`
  const reasons = revisions
    .filter(({ reason }) => reason !== '')
    .map(
      ({ revision, reason, line }) =>
        `revision ${revision} ${reason}${line === undefined ? '' : ` in line ${line}`}`,
    )
  return reasons.length === 0
    ? `tenants like ${tenant} are replayed: ${revisions.map(({ revision }) => revision).join(', ')}`
    : `tenants like ${tenant} run in Python: ${reasons.join('; ')}`
}

function describeAttempt({ volatile }: Attempt): string {
  const attempt = readVolatileNumber(volatile, 'attempt')
  const sqlstate = readVolatileText(volatile, 'sqlstate')
  const words = [attempt === null ? '' : `attempt ${attempt}`, sqlstate ?? ''].filter(Boolean)
  return words.length === 0 ? '' : ` (${words.join(', ')})`
}

const freshAttempt = {
  status: 'running',
  statements: 0,
  revisions: [],
  currentRevision: null,
  voting: false,
  failure: null,
} as const satisfies Partial<TenantState>

/** Adds one execution to a statement's line over all tenants. */
function addStatement(state: RunState, event: ExecutedStatement): RunState {
  const durationMs = readVolatileNumber(event.volatile, 'durationMs') ?? 0
  const statements = changeItem(
    state.statements,
    known => known.revision === event.revision && known.index === event.index && known.sql === event.sql,
    known => addExecution(known, event, durationMs),
  )
  return { ...state, statements }
}

function addExecution(
  known: StatementState | null,
  { revision, index, sql, tenant }: ExecutedStatement,
  durationMs: number,
): StatementState {
  if (known === null) {
    return {
      revision,
      index,
      sql,
      executions: 1,
      totalMs: durationMs,
      slowestMs: durationMs,
      slowestTenant: tenant,
    }
  }
  const isSlowest = durationMs > known.slowestMs
  return {
    ...known,
    executions: known.executions + 1,
    totalMs: known.totalMs + durationMs,
    slowestMs: isSlowest ? durationMs : known.slowestMs,
    slowestTenant: isSlowest ? tenant : known.slowestTenant,
  }
}
