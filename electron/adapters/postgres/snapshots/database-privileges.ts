import { LockstepError } from '../../../../shared/failure/failure.ts'
import { quoteIdentifier, quoteLiteral } from '../../../sql/quote-identifier.ts'
import { copyDatabaseSettings } from '../copies/shadow-settings.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { type DatabaseFacts, selectDatabaseFacts } from './snapshot-queries.ts'

/** Gives a database the owner, privileges, settings, comment and security labels of another; throws when they do not come out equal. */
export async function copyDatabasePrivileges(
  client: DatabaseClient,
  source: string,
  copy: string,
): Promise<void> {
  const wanted = await readFacts(client, source)
  const name = quoteIdentifier(copy)
  await client.query(`alter database ${name} owner to ${quoteIdentifier(wanted.owner)}`)
  await client.query(`alter database ${name} with connection limit ${Number(wanted.connectionLimit)}`)
  await client.query(`revoke all on database ${name} from public, ${quoteIdentifier(wanted.owner)}`)
  for (const { role, privilege, isGrantable } of wanted.grants) {
    // The catalog has quoted the role already.
    const grantee = role ?? 'public'
    await client.query(
      `grant ${privilege} on database ${name} to ${grantee}${isGrantable ? ' with grant option' : ''}`,
    )
  }
  if (wanted.comment !== null)
    await client.query(`comment on database ${name} is ${quoteLiteral(wanted.comment)}`)
  for (const { provider, label } of wanted.labels)
    await client.query(
      `security label for ${quoteIdentifier(provider)} on database ${name} is ${quoteLiteral(label)}`,
    )
  const refused = await copyDatabaseSettings(client, source, copy)
  const found = await readFacts(client, copy)
  const differences = [...refused, ...compareFacts(wanted, found)]
  if (differences.length === 0) return
  throw new LockstepError({ kind: 'usage', problem: `the copy differs: ${differences.join('; ')}`, fix: '' })
}

async function readFacts(client: DatabaseClient, database: string): Promise<DatabaseFacts> {
  const facts = await selectDatabaseFacts(client, database)
  if (facts !== null) return facts
  throw new LockstepError({ kind: 'usage', problem: `there is no database ${database}`, fix: '' })
}

function compareFacts(wanted: DatabaseFacts, found: DatabaseFacts): readonly string[] {
  const named = [
    ['the owner', wanted.owner, found.owner],
    ['the connection limit', String(wanted.connectionLimit), String(found.connectionLimit)],
    ['privileges', wanted.acl, found.acl],
    ['the comment', wanted.comment ?? '', found.comment ?? ''],
    ['security labels', sayLabels(wanted), sayLabels(found)],
    ['settings', wanted.settings.join(', '), found.settings.join(', ')],
  ] as const
  return named.flatMap(([what, was, is]) =>
    was === is ? [] : [`${what}: ${was || 'none'}, not ${is || 'none'}`],
  )
}

function sayLabels({ labels }: DatabaseFacts): string {
  return labels.map(({ provider, label }) => `${provider} ${label}`).join(', ')
}
