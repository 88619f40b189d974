import { listProcessesIn } from '../../electron/adapters/embedded-postgres/list-processes.ts'
import type { SandboxServer } from '../../electron/adapters/embedded-postgres/start-cluster.ts'
import type { TcpProxy } from '../support/tcp-proxy.ts'
import { waitUntil } from '../support/wait-until.ts'
import { type Fleet, fleetTenants } from './fleet.ts'

const nothing = async (): Promise<void> => undefined

/** The only standby of a fleet that has one. */
export function standbyOf(fleet: Fleet): SandboxServer {
  const [standby] = fleet.sandbox.standbys
  if (!standby) throw new Error('the fleet has no standby')
  return standby
}

/** Somebody reads the last tenant in a transaction that is left open. */
export async function holdLock(fleet: Fleet): Promise<() => Promise<void>> {
  const client = await fleet.sandbox.connect(fleetTenants.at(-1))
  await client.query('begin')
  // A tenant that has voted keeps every session out until it is decided.
  await client.query("set local lock_timeout = '300ms'")
  await client.query('lock table items in access share mode').catch(() => undefined)
  return () => client.end()
}

/** Somebody who reads a table that the migration waits for, and then waits for what the migration has. */
export async function makeDeadlock(fleet: Fleet): Promise<() => Promise<void>> {
  const client = await fleet.sandbox.connect(fleetTenants.at(-1))
  await client.query('begin')
  await client.query("set local lock_timeout = '300ms'")
  const has = await client.query('lock table items in access share mode').then(
    () => true,
    () => false,
  )
  if (has) {
    await client.query("set local lock_timeout = '10s'")
    client.query('lock table lockstep_version in exclusive mode').catch(() => undefined)
  }
  return () => client.end().catch(() => undefined)
}

/** Others prepare transactions until there is room for none. */
export async function exhaustSlots(fleet: Fleet): Promise<() => Promise<void>> {
  const client = await fleet.sandbox.connect('postgres')
  const gids: string[] = []
  for (let count = 0; count < 100; count += 1) {
    const gid = `others ${count}`
    await client.query('begin')
    await client.query('select pg_current_xact_id()')
    const isPrepared = await client.query(`prepare transaction '${gid}'`).then(
      () => true,
      () => false,
    )
    if (!isPrepared) break
    gids.push(gid)
  }
  await client.query('rollback')
  return async () => {
    for (const gid of gids) await client.query(`rollback prepared '${gid}'`)
    await client.end()
  }
}

/** No new segment of WAL can be made: the server ends itself, and cannot start again until there is room. */
export async function fillWalDisk(fleet: Fleet): Promise<() => Promise<void>> {
  const { primary } = fleet.sandbox
  fleet.walDisk?.fill()
  const write = () =>
    fleet.sandbox.query('select pg_logical_emit_message(false, $$x$$, $$y$$), pg_switch_wal()')
  await waitUntil(
    async () => {
      // Segments that were made ahead are used up first; and where one has room for it, the server recovers once more.
      await write().catch(() => undefined)
      return (await listProcessesIn(primary.dataFolder)).length === 0
    },
    'the server to end itself',
    60,
  )
  return async () => {
    fleet.walDisk?.free()
    // It has to recover first, and refuses sessions for so long.
    await primary.start().catch(() => undefined)
    await fleet.waitUntilUp()
  }
}

/** The primary dies, and its standby takes over under the address that is configured. */
export async function failOver(fleet: Fleet, proxy: TcpProxy): Promise<() => Promise<void>> {
  const standby = standbyOf(fleet)
  await fleet.sandbox.waitForStandbys()
  await fleet.sandbox.primary.kill()
  await fleet.sandbox.query('select pg_promote()', 'postgres', standby)
  await waitUntil(async () => {
    const [row] = await fleet.sandbox.query('select pg_is_in_recovery() as waits', 'postgres', standby)
    return row?.waits === false
  }, 'the standby to take over')
  proxy.leadTo(standby.port)
  fleet.truth = standby
  return nothing
}
