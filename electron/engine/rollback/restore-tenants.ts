import { type Failure, LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import type { StoredSnapshot, TenantRollback } from '../../../shared/run/rollback.ts'
import type { RunFact } from '../../../shared/run/run-event.ts'
import type { DatabaseTie } from '../../catalog/database-tie.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { deadlineSignal } from '../../lib/with-deadline.ts'
import { nameCopy } from '../../naming/copy-name.ts'
import { type ExecutionContext, findTenant, primaryOf, type RunPorts } from '../context/run-context.ts'
import { withIdleDeadline } from '../context/with-idle-deadline.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { ClosedDatabase, DatabaseSwap, StrayDatabase } from '../ports/restores.ts'
import { countRowsSince } from '../snapshots/write-ledger.ts'
import { describeLostTie } from './describe-lost-tie.ts'
import type { UndoneTenant } from './read-undone-run.ts'

/** A tenant whose database is replaced by a restored copy. */
export interface Restoration {
  readonly back: TenantRollback
  readonly undone: UndoneTenant
  readonly snapshot: StoredSnapshot
  readonly group: string
}

/** A run that may put copies in the place of tenants. */
export interface RestoreContext extends ExecutionContext {
  readonly ports: RunPorts & Pick<EnginePorts, 'restores'>
}

/** How restored copies take their places: first all are made, then no session writes any more, then all are swapped. */
export class Restorer {
  readonly #context: RestoreContext
  readonly #restorations: readonly Restoration[]
  readonly #closed = new Map<string, ClosedDatabase>()
  readonly #swapped = new Set<string>()

  constructor(context: RestoreContext, restorations: readonly Restoration[]) {
    this.#context = context
    this.#restorations = restorations
  }

  /** Tenants whose copy has taken its place. */
  get swapped(): readonly string[] {
    return [...this.#swapped]
  }

  /** Restores every copy beside its tenant and proves it; throws when one fails, and `undo` then removes the others. */
  async prepare(): Promise<void> {
    const { ports, topology, signal } = this.#context
    await mapConcurrently(this.#restorations, 2, async one => {
      const tenant = findTenant(topology, one.back.tenant)
      // On record first: recovery removes whatever may have been made.
      await this.#context.recorder.recordDurably(this.#fact(one, 'prepared'))
      await ports.restores.prepare(one.snapshot, tenant, this.#preparedName(one), signal)
    })
  }

  /** Refuses connections, and makes sure that no session is there and that nothing was written; throws otherwise. */
  async close(disconnect: boolean): Promise<void> {
    const { ports, topology, signal } = this.#context
    const tenantOf = ({ back }: Restoration) => findTenant(topology, back.tenant)
    for (const one of this.#restorations) {
      const tenant = findTenant(topology, one.back.tenant)
      // On record first: recovery opens again whatever may have been closed.
      await this.#context.recorder.recordDurably(this.#fact(one, 'closed'))
      this.#closed.set(one.back.tenant, await ports.restores.close(tenant, signal))
    }
    const busy = this.#restorations.filter(
      one => (this.#closed.get(one.back.tenant)?.sessions.length ?? 0) > 0,
    )
    if (busy.length > 0 && !disconnect) throw new LockstepError(this.#describeBusy(busy))
    for (const one of this.#restorations) {
      const closed = this.#closed.get(one.back.tenant)
      // A session that came in just before the database was closed may not have been seen.
      if (disconnect) await closed?.disconnect(signal)
      await this.#refuseWrites(one, (await closed?.readWrites(signal)) ?? null)
      await this.#refuseTies(one, await ports.restores.readTies(tenantOf(one), signal))
    }
  }

  /** Gives the copies their places, all of a cluster in one transaction. */
  async swap(): Promise<void> {
    const { topology, recorder } = this.#context
    for (const closed of this.#closed.values()) await closed.release()
    const servers = new Map<string, Restoration[]>()
    for (const one of this.#restorations) {
      const server = primaryOf(topology, findTenant(topology, one.back.tenant))
      servers.set(server, [...(servers.get(server) ?? []), one])
    }
    for (const [server, restorations] of servers) {
      const swaps = restorations.map(one => ({
        database: one.back.database,
        prepared: this.#preparedName(one),
        kept: this.#keptName(one),
      }))
      await this.#swapOnce(server, swaps)
      for (const one of restorations) {
        this.#swapped.add(one.back.tenant)
        await this.#record(one, 'swapped')
        await recorder.tryRecord({
          type: 'tenant.committed',
          group: one.group,
          tenant: one.back.tenant,
          volatile: {},
        })
      }
    }
  }

  /** An answer that got lost is looked up: it is one transaction, so one name tells of all. */
  async #swapOnce(server: string, swaps: readonly DatabaseSwap[]): Promise<void> {
    const { restores } = this.#context.ports
    try {
      await restores.swap(server, swaps, deadlineSignal(swapDeadlineMs))
    } catch (error) {
      const found = await restores
        .listStrays(server, deadlineSignal(swapDeadlineMs))
        .catch((): readonly StrayDatabase[] => [])
      if (!swaps.every(({ kept }) => found.some(one => one.database === kept))) throw error
    }
  }

  /** Takes sessions again and removes the copies, but for those that have taken their places. The first thing that fails, or null. */
  async undo(): Promise<Failure | null> {
    const { ports, topology, config } = this.#context
    return withIdleDeadline(config.execution.settleSeconds, async idleDeadline => {
      let failure: Failure | null = null
      for (const one of this.#restorations.filter(({ back }) => !this.#swapped.has(back.tenant))) {
        const tenant = findTenant(topology, one.back.tenant)
        try {
          const closed = this.#closed.get(one.back.tenant)
          await closed?.release()
          if (closed) {
            await ports.restores.open(tenant, idleDeadline.signal)
            await this.#record(one, 'reopened')
          }
          await ports.restores.discard(
            primaryOf(topology, tenant),
            this.#preparedName(one),
            idleDeadline.signal,
          )
          idleDeadline.renew()
        } catch (error) {
          failure ??= toFailure(error)
        }
      }
      return failure
    })
  }

  async #refuseWrites(
    { back, undone }: Restoration,
    now: Parameters<typeof countRowsSince>[1],
  ): Promise<void> {
    const rows = countRowsSince(undone.writes, now)
    // What a person has accepted is no more than what they were told.
    if (back.losses.length > 0 ? back.rowsLost === null || rows === back.rowsLost : rows === 0) return
    const { planId } = this.#context.plan
    const told = back.rowsLost === null ? 'an unknown number of' : String(back.rowsLost)
    const moved = [
      `tenant ${back.tenant}: others have written ${rows ?? 'an unknown number of'} rows, and ${told} were told`,
    ]
    throw new LockstepError({ kind: 'plan_void', approved: planId, actual: planId, moved })
  }

  /** None is made any more where connections are refused. */
  #refuseTies({ back }: Restoration, now: readonly DatabaseTie[]): void {
    const moved = now
      .map(describeLostTie)
      .filter(loss => !back.losses.includes(loss))
      .map(loss => `tenant ${back.tenant} would lose ${loss}`)
    const { planId } = this.#context.plan
    if (moved.length > 0)
      throw new LockstepError({ kind: 'plan_void', approved: planId, actual: planId, moved })
  }

  #describeBusy(busy: readonly Restoration[]): Failure {
    const sessions = busy.flatMap(({ back }) =>
      (this.#closed.get(back.tenant)?.sessions ?? []).map(({ pid, user, application }) =>
        [`${back.database}: ${pid}`, user, application && `(${application})`].filter(Boolean).join(' '),
      ),
    )
    return {
      kind: 'tenant_in_use',
      tenants: busy.map(one => one.back.tenant),
      sessions: sessions.slice(0, 20),
    }
  }

  #preparedName({ back }: Restoration): string {
    return nameCopy('restore', this.#context.runId, back.tenant)
  }

  #keptName({ back }: Restoration): string {
    return nameCopy('failed', this.#context.runId, back.tenant)
  }

  #fact(one: Restoration, step: 'prepared' | 'closed' | 'swapped' | 'reopened'): RunFact {
    const volatile = { prepared: this.#preparedName(one), kept: this.#keptName(one) }
    return { type: 'tenant.restoring', group: one.group, tenant: one.back.tenant, step, volatile }
  }

  async #record(one: Restoration, step: 'swapped' | 'reopened'): Promise<void> {
    await this.#context.recorder.tryRecord(this.#fact(one, step))
  }
}

const swapDeadlineMs = 60_000
