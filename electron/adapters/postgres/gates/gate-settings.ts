import type { EffectiveSetting } from '../../../engine/ports/gate-facts.ts'
import type { DatabaseClient } from '../session/database-client.ts'

/** Settings as the login itself gave them: what this session has set on top of them is taken back first. */
export async function selectLoginSettings(
  client: DatabaseClient,
  names: readonly string[],
): Promise<readonly EffectiveSetting[]> {
  await client.query('reset all')
  const { rows } = await client.query<EffectiveSetting>(
    `select name, setting, source from pg_catalog.pg_settings
     where name = any($1::text[]) order by name collate "C"`,
    [names],
  )
  return rows.map(({ name, setting, source }) => ({ name, setting, source }))
}
