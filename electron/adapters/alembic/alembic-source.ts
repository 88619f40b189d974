import type { z } from 'zod'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { PlannedStep } from '../../../shared/plan/plan.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import type {
  MigrateObserver,
  MigrateRequest,
  MigrateResult,
  MigrationSource,
} from '../../engine/ports/migration-source.ts'
import type { AlembicOptions, TenantServer } from './alembic-options.ts'
import { describeMigration, describeProject, statementsOf, tenantTask } from './describe-task.ts'
import { examineSteps } from './examine-steps.ts'
import { abortFailure, followMigration } from './follow-migration.ts'
import { type AlembicRuntime, openRuntime, projectFolderOf } from './open-runtime.ts'
import { createPositionReader, type Position } from './position-reader.ts'
import { createReplayer, type ReplayedMigration } from './replay/create-replayer.ts'
import { recordedSessionSql } from './replay/recorded-session.ts'
import type { Recorded } from './replay/replay-classes.ts'
import { retryForRoom } from './retry-for-room.ts'
import type { RunnerConnection, RunnerTask } from './runner-connection.ts'
import { graphSchema, headsSchema, stepsSchema } from './runner-messages.ts'

/** How long a server may take to see that a connection was closed. */
const lingerMs = 25

/** Migrations of an unmodified Alembic project, run by its own interpreter. Nothing starts before the first question. */
export function createAlembicSource(options: AlembicOptions): MigrationSource {
  const folder = projectFolderOf(options)
  const project = describeProject(options)
  let opened: Promise<AlembicRuntime> | null = null
  let keepsState = false

  const openOnce = (signal: AbortSignal): Promise<AlembicRuntime> => {
    opened ??= openRuntime(options, signal).catch((error: unknown) => {
      opened = null
      throw error
    })
    return opened
  }

  const onWorker = async <T>(
    use: (worker: RunnerConnection) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> => {
    if (signal.aborted) throw new LockstepError(abortFailure(signal))
    try {
      const { pool } = await openOnce(signal)
      return await pool.withWorker({ fresh: keepsState }, use, signal)
    } catch (error) {
      throw signal.aborted ? new LockstepError(abortFailure(signal), { cause: error }) : error
    }
  }

  /** A project that remembers its first URL in a module gets a process per tenant, from the first time it shows. */
  const onFreshWorker = async <T>(
    use: (worker: RunnerConnection) => Promise<T>,
    isStale: (result: T) => boolean,
    signal: AbortSignal,
  ): Promise<T> => {
    let wasUsed = false
    const result = await onWorker(worker => {
      wasUsed = worker.requests > 0
      return use(worker)
    }, signal)
    if (!wasUsed || !isStale(result)) return result
    keepsState = true
    return await onWorker(use, signal)
  }

  const examine = async (steps: readonly PlannedStep[]): Promise<readonly PlannedStep[]> =>
    options.parser ? await examineSteps(steps, options.parser) : steps

  const ask = async <T>(schema: z.ZodType<T>, task: RunnerTask, signal: AbortSignal): Promise<T> =>
    schema.parse(await onWorker(worker => runOrKill(worker, task, signal), signal))

  const findServer = async (tenant: Tenant, signal: AbortSignal): Promise<TenantServer> => {
    const systemIdentifier = await options.identifyServer?.(tenant, signal)
    return { ...options.serverFor(tenant), ...(systemIdentifier ? { systemIdentifier } : {}) }
  }

  /** A connection of the project's is one of those that we may have. */
  const inRoom = async <T>(tenant: Tenant, work: () => Promise<T>, signal: AbortSignal): Promise<T> => {
    const leave = await options.enterRoom?.(tenant, signal)
    try {
      return await work()
    } finally {
      // The server needs a moment to notice that a client has gone.
      if (leave) setTimeout(leave, lingerMs)
    }
  }

  const roomFor = (tenant: Tenant) => async () => options.makeRoom?.(tenant)

  const askAlembic = async (tenant: Tenant, signal: AbortSignal): Promise<Position> => {
    const task = tenantTask('heads', tenant, await findServer(tenant, signal), { project })
    const askOnce = () =>
      onFreshWorker(
        worker => inRoom(tenant, () => settle(runOrKill(worker, task, signal)), signal),
        result => result.failure?.kind === 'wrong_database',
        signal,
      )
    const answer = await retryForRoom(askOnce, result => result.failure, roomFor(tenant), signal)
    if (answer.error) throw answer.error
    return headsSchema.parse(answer.value)
  }

  const { readVersionTable } = options
  const readPosition = readVersionTable ? createPositionReader({ askAlembic, readVersionTable }) : askAlembic
  const acceptsHiddenRows = (step: PlannedStep): boolean => options.acceptsHiddenRows?.(step) ?? false

  const runInPython = async (
    { request, observer, signal }: AskedMigration,
    onRecorded: ((recorded: Recorded) => Promise<void>) | null,
  ): Promise<MigrateResult> => {
    const { tenant } = request
    const inspection = options.inspection ?? null
    const task = tenantTask('migrate', tenant, await findServer(tenant, signal), {
      project,
      ...describeMigration(request, inspection, acceptsHiddenRows),
      record: onRecorded ? recordedSessionSql : null,
    })
    let hasStarted = false
    const watched: MigrateObserver = {
      ...observer,
      async started(facts) {
        hasStarted = true
        await observer.started(facts)
      },
    }
    const parser = options.parser ?? null
    const drive = {
      request,
      observer: watched,
      task,
      inspection,
      parser,
      onRecorded: onRecorded ?? undefined,
    }
    const migrateOnce = () =>
      onFreshWorker(
        worker => inRoom(tenant, () => followMigration(worker, drive, signal), signal),
        result => !hasStarted && isStaleResult(result),
        signal,
      )
    const failureOf = (result: MigrateResult) =>
      hasStarted || result.status !== 'rolled_back' ? undefined : result.failure
    return await retryForRoom(migrateOnce, failureOf, roomFor(tenant), signal)
  }

  const migrateOne = openReplayer(options)

  return {
    async describe(signal) {
      // The one that reads the tree will soon ask about tenants: the second runner loads meanwhile.
      void openOnce(signal).then(({ pool }) => pool.warm(2), ignore)
      const request = { op: 'graph', project }
      const graph = await ask(graphSchema, { request, tenant: '', secrets: [] }, signal)
      const { interpreter } = await openOnce(signal)
      const { path, why, versions } = interpreter
      return { source: 'alembic', ...graph, origin: { folder, interpreter: { path, why, versions } } }
    },
    async readHeads(tenant, signal) {
      return (await readPosition(tenant, signal)).heads
    },
    async findVersionTable(tenant, signal) {
      return (await readPosition(tenant, signal)).versionTable
    },
    async verifyApplied() {
      // Alembic keeps no checksums of what was applied.
      return null
    },
    async planSteps(from, target, signal) {
      const request = { op: 'steps', project, from, target }
      return examine((await ask(stepsSchema, { request, tenant: '', secrets: [] }, signal)).steps)
    },
    async planDowngrade(from, to, signal) {
      const request = { op: 'steps', project, from, target: to, back: true }
      return examine((await ask(stepsSchema, { request, tenant: '', secrets: [] }, signal)).steps)
    },
    async migrate(request, observer, signal) {
      try {
        return await migrateOne({
          ...{ request, observer, signal },
          accepted: request.steps.filter(acceptsHiddenRows).map(step => step.revision),
          runInPython: onRecorded => runInPython({ request, observer, signal }, onRecorded),
        })
      } catch (error) {
        // Nothing has run: the runner could not even be lent.
        if (error instanceof LockstepError) return { status: 'rolled_back', failure: error.failure }
        throw error
      }
    },
    async close() {
      const runtime = await opened?.catch(() => null)
      await runtime?.pool.close()
    },
  }
}

/** What is asked of one tenant's migration. */
interface AskedMigration {
  readonly request: MigrateRequest
  readonly observer: MigrateObserver
  readonly signal: AbortSignal
}

/** Without a session to send statements on, or a parser to tell one from several, every tenant runs in Python. */
function openReplayer(options: AlembicOptions): (migration: ReplayedMigration) => Promise<MigrateResult> {
  const { openSession, parser, inspection } = options
  if (!openSession || !parser || !inspection) return migration => migration.runInPython(null)
  const reader = { ...inspection, statements: statementsOf(inspection) }
  return createReplayer({ openSession, parser, inspection: reader, abortFailure })
}

/** For questions, which change nothing: a stop ends the process that would answer. */
async function runOrKill(worker: RunnerConnection, task: RunnerTask, signal: AbortSignal): Promise<unknown> {
  const stop = (): void => worker.kill()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await worker.run(task)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

async function settle(
  work: Promise<unknown>,
): Promise<{ value?: unknown; error?: unknown; failure?: LockstepError['failure'] }> {
  try {
    return { value: await work }
  } catch (error) {
    return error instanceof LockstepError ? { error, failure: error.failure } : { error }
  }
}

/** The question that follows meets the same failure, and tells it. */
function ignore(): void {}

function isStaleResult(result: MigrateResult): boolean {
  return result.status === 'rolled_back' && result.failure.kind === 'wrong_database'
}
