import { describe, expect, it } from 'vitest'
import type { ComposeService } from '../../electron/compose/nodes/compose-project.ts'
import { declareRole, findFollowed, stemOf } from '../../electron/discovery/declare-role.ts'
import { makeService } from './sample-services.ts'

const backup = (script: string) => ({ entrypoint: ['bash', '-c'], command: [script] })

describe('a declared role', () => {
  it.each<['primary' | 'standby' | null, string, Partial<ComposeService>]>([
    [
      'primary',
      'POSTGRESQL_REPLICATION_MODE is master',
      { environment: { POSTGRESQL_REPLICATION_MODE: 'master' } },
    ],
    [
      'standby',
      'POSTGRESQL_REPLICATION_MODE is slave',
      { name: 'primary', environment: { POSTGRESQL_REPLICATION_MODE: 'slave' } },
    ],
    ['standby', 'PG_MODE is replica', { environment: { PG_MODE: 'replica' } }],
    ['standby', 'REPLICATE_FROM is db', { name: 'two', environment: { REPLICATE_FROM: 'db' } }],
    [
      'primary',
      'REPMGR_PRIMARY_HOST is the service itself',
      { name: 'pg-0', environment: { REPMGR_PRIMARY_HOST: 'pg-0' } },
    ],
    [
      'standby',
      'REPMGR_PRIMARY_HOST is pg-0',
      { name: 'pg-1', environment: { REPMGR_PRIMARY_HOST: 'pg-0' } },
    ],
    ['standby', 'its command runs pg_basebackup', backup('pg_basebackup -h db -R && exec postgres')],
    [
      'standby',
      'its command sets primary_conninfo',
      { command: ['postgres', '-c', 'primary_conninfo=host=db'] },
    ],
    ['primary', 'it is called orders-primary', { name: 'orders-primary' }],
    ['primary', 'it is called pgMaster', { name: 'pgMaster' }],
    ['standby', 'it is called db_replica2', { name: 'db_replica2' }],
    ['standby', 'it is called shop-follower', { name: 'two', containerName: 'shop-follower' }],
    [null, 'nothing says whether it is a primary or a standby', { name: 'masterdata' }],
    [null, 'nothing says whether it is a primary or a standby', { name: 'primary-replica' }],
    [
      null,
      'nothing says whether it is a primary or a standby',
      { name: 'db', environment: { PGHOST: 'db' } },
    ],
  ])('is %s because %s', (declared, why, changes) => {
    expect(declareRole(makeService(changes))).toEqual({ declared, why })
  })
})

describe('the server that a standby follows', () => {
  it.each<[string, number | null, Partial<ComposeService>]>([
    ['pg', 5433, { environment: { POSTGRESQL_MASTER_HOST: 'pg', POSTGRESQL_MASTER_PORT_NUMBER: '5433' } }],
    ['primary', null, backup('until pg_basebackup --host=primary -D /d; do sleep 1; done; exec postgres')],
    ['primary', 5439, backup('pg_basebackup -h "$SOURCE" -p 5439 -D /d\nexec postgres -p 6000')],
    ['lead', null, { ...backup('pg_basebackup -D /d'), environment: { PGHOST: 'lead' } }],
  ])('is %s', (host, port, changes) => {
    const environment = { SOURCE: 'primary', ...changes.environment }
    expect(findFollowed(makeService({ ...changes, environment }))).toEqual({ host, port })
  })

  it('is nobody for a server that is told of none, or of itself', () => {
    expect(findFollowed(makeService({ name: 'primary' }))).toBeNull()
    expect(
      findFollowed(makeService({ name: 'pg-0', environment: { REPMGR_PRIMARY_HOST: 'pg-0' } })),
    ).toBeNull()
  })
})

describe('the stem of a name', () => {
  it('is what is left without role and number', () => {
    expect(['orders-primary', 'orders-replica-2', 'ordersReader'].map(stemOf)).toEqual([
      'orders',
      'orders',
      'orders',
    ])
  })
})
