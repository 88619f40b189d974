import { describe, expect, it } from 'vitest'
import { type DeclaredServer, findDeclaredSource } from '../../electron/discovery/find-declared-source.ts'

const server = (name: string, role: DeclaredServer['role'], host: string | null = null): DeclaredServer => ({
  server: name,
  role,
  follows: host === null ? null : { host, port: null },
})

function sourceOf(standby: DeclaredServer, ...others: readonly DeclaredServer[]): string | null {
  const servers = [...others, standby]
  const addresses = servers.map(({ server: name }) => ({ server: name, hosts: [name], port: 5432 }))
  return findDeclaredSource(standby, servers, addresses)
}

describe('the server that a standby is declared to copy', () => {
  it('is the one that it is told to follow, whatever others are called', () => {
    const follower = server('shop-replica', 'standby', 'reports')
    expect(sourceOf(follower, server('shop', 'primary'), server('reports', null))).toBe('reports')
  })

  it('is nobody here when it follows a host outside the project', () => {
    expect(sourceOf(server('replica', 'standby', 'db.internal'), server('db', null))).toBeNull()
  })

  it('is the only primary where names say nothing else', () => {
    expect(sourceOf(server('replica', 'standby'), server('db', null))).toBe('db')
    expect(sourceOf(server('pg-replica', 'standby'), server('postgres', null))).toBe('postgres')
    expect(sourceOf(server('shop-db-replica', 'standby'), server('shop', null))).toBe('shop')
  })

  it('is nobody where the names tell two applications apart, or where several primaries are left', () => {
    expect(sourceOf(server('shop-replica', 'standby'), server('reports', null))).toBeNull()
    expect(sourceOf(server('replica', 'standby'), server('shop', null), server('reports', null))).toBeNull()
  })

  it('is nobody for a server that is not declared a standby', () => {
    expect(sourceOf(server('shop', null), server('reports', 'primary'))).toBeNull()
    expect(sourceOf(server('shop', 'primary'), server('reports', 'primary'))).toBeNull()
    expect(sourceOf(server('shop', 'subscriber'), server('reports', 'primary'))).toBeNull()
  })
})
