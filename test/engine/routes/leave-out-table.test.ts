import { describe, expect, it } from 'vitest'
import { findTables, leaveOutTable } from '../../../electron/engine/routes/leave-out-table.ts'
import { item } from '../catalog-items.ts'

describe('a schema without one of its tables', () => {
  const own = [
    item('table', 'public.alembic_version', 'kind=r'),
    item('column', 'public.alembic_version.version_num', 'varchar(32)'),
    item('constraint', 'public.alembic_version.alembic_version_pkc', 'PRIMARY KEY (version_num)'),
    item('index', 'public.alembic_version_pkc', 'CREATE UNIQUE INDEX ...', { of: 'public.alembic_version' }),
    item('acl', 'rel public.alembic_version', 'postgres', { of: 'public.alembic_version' }),
  ]
  const others = [
    item('table', 'public.alembic_version_notes', 'kind=r'),
    item('table', 'public.my_alembic_version', 'kind=r'),
    item('table', '"Public".alembic_version', 'kind=r'),
    item('view', 'public.v', 'SELECT 1'),
  ]

  it('has nothing of it, and all of what is only called alike', () => {
    expect(leaveOutTable([...own, ...others], { schema: 'public', name: 'alembic_version' })).toEqual(others)
  })

  it('may have another of the same name in another schema', () => {
    expect(findTables([...own, ...others], 'alembic_version').map(({ ident }) => ident)).toEqual([
      'public.alembic_version',
      '"Public".alembic_version',
    ])
  })
})
