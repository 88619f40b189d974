import { existsSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { needsVersion, postgresVersions, serverOf, withServerOf } from './postgres-versions.ts'

describe.each(postgresVersions)('PostgreSQL %s of the version matrix', version => {
  const server = serverOf(version)

  needsVersion(version)('is a server of that version that stores UTF-8 and sorts by byte', async () => {
    const [row] = await server().query(
      `select current_setting('server_version_num')::int / 10000 as major,
              current_setting('server_encoding') as encoding,
              (select string_agg(word, '' order by word) from unnest(array['a', 'B', 'ä', 'b']) word) as sorted`,
    )
    expect(row).toEqual({ major: Number(version), encoding: 'UTF8', sorted: 'Babä' })
  })
})

needsVersion('14')('a server that is lent for one piece of work is gone afterwards', async () => {
  const folder = await withServerOf('14', async server => {
    expect(await server.query('select 1 as one')).toEqual([{ one: 1 }])
    return server.folder
  })
  expect(existsSync(folder)).toBe(false)
})
