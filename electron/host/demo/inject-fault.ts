import { LockstepError } from '../../../shared/failure/failure.ts'
import { assertNever } from '../../../shared/text/assert-never.ts'
import {
  blockingQuery,
  type DatabaseChange,
  delayReplay,
  duplicateRows,
  leakyTenant,
  orphanRows,
  writeSomeLog,
} from '../../adapters/embedded-postgres/sandbox-faults.ts'
import type { SandboxTenant } from '../../adapters/embedded-postgres/sandbox-tenants.ts'
import type { SandboxServer } from '../../adapters/embedded-postgres/start-cluster.ts'
import type { DemoFaultName } from './demo-faults.ts'
import { type Demo, pauseStandby } from './open-demo.ts'

/** Brings about, before the run, what a fault is made of; gives back what takes it away again. */
export async function injectFault(demo: Demo, fault: DemoFaultName): Promise<() => Promise<void>> {
  const nothing = async (): Promise<void> => undefined
  switch (fault) {
    case 'none':
    case 'two-heads':
    case 'edited-migration':
    case 'no-prepared-slots':
    case 'crash-before-decision':
    case 'crash-after-decision':
    case 'server-crash':
    case 'second-run':
      return nothing
    case 'duplicate-rows':
      await change(demo, duplicateRows(tenantNamed(demo, 'dogwood')))
      return nothing
    case 'orphan-rows':
      await change(demo, orphanRows(tenantNamed(demo, 'cedar')))
      return nothing
    case 'leaky-tenant':
      await change(demo, leakyTenant(tenantNamed(demo, 'birch'), tenantNamed(demo, 'elm')))
      return nothing
    case 'blocking-query': {
      const query = blockingQuery(tenantNamed(demo, 'birch'))
      return demo.hold(query.database, query.statements)
    }
    case 'lagging-replica': {
      const standby = standbyAt(demo, 0)
      for (const statement of delayReplay(3_600)) await demo.runSql('postgres', statement, standby)
      for (let round = 0; round < 4; round += 1) await change(demo, writeSomeLog(tenantNamed(demo, 'acorn')))
      return nothing
    }
    case 'paused-replica':
      await pauseStandby(demo, standbyAt(demo, 0))
      return nothing
    case 'replica-down':
      await standbyAt(demo, 1).stop()
      return nothing
    case 'wrong-replica':
      demo.replaceStandby(standbyAt(demo, 1).name, await demo.cluster.startForeignStandby())
      return nothing
    default:
      return assertNever(fault)
  }
}

async function change(demo: Demo, changes: readonly DatabaseChange[]): Promise<void> {
  for (const { database, sql } of changes) await demo.runSql(database, sql)
}

function tenantNamed(demo: Demo, name: string): SandboxTenant {
  const tenant = demo.tenants.find(candidate => candidate.name === name)
  if (!tenant)
    throw new LockstepError({
      kind: 'tenant_unknown',
      tenant: name,
      known: demo.tenants.map(one => one.name),
    })
  return tenant
}

function standbyAt(demo: Demo, index: number): SandboxServer {
  const standby = demo.cluster.standbys[index]
  if (!standby) throw new LockstepError({ kind: 'internal', message: 'the sandbox has no such standby' })
  return standby
}
