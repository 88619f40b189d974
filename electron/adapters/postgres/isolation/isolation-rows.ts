import { LockstepError } from '../../../../shared/failure/failure.ts'
import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { IsolationLeak, RowProbe, SharedTables } from '../../../engine/ports/gate-facts.ts'
import type { SqlParser } from '../../../engine/ports/sql-parser.ts'
import { quoteIdentifier, quoteLiteral } from '../../../sql/quote-identifier.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { sqlStateOf } from '../session/map-error.ts'
import { listTriable } from './isolation-shared.ts'
import { type PlantFacts, selectPlantFacts, writeBareRow, writeRow } from './queries/isolation-plant.ts'
import { type SharedTableFacts, selectReachableTables } from './queries/isolation-policies.ts'

/** One attempt on one table: as whom, for whom, against whom. */
interface Attempt {
  readonly client: DatabaseClient
  readonly facts: SharedTableFacts
  readonly plant: PlantFacts
  readonly role: string
  readonly column: string
  readonly setting: string
  readonly from: string
  readonly to: string
}

type Outcome =
  | { readonly result: 'rows'; readonly count: number; readonly first: string | null }
  | { readonly result: 'refused'; readonly sqlstate: string }

/** Tries, as one tenant of shared tables, to read, write and guess another's rows. All in one transaction, which is rolled back. */
export async function tryRows(
  client: DatabaseClient,
  { name, appRole }: Tenant,
  { from, to }: { readonly from: string; readonly to: string },
  { shared, parser }: { readonly shared: SharedTables; readonly parser: SqlParser },
): Promise<RowProbe> {
  if (appRole === null) return { leaks: [], tried: 0, untried: [], blind: [] }
  const reachable = listTriable(await selectReachableTables(client, appRole, shared.column), shared)
  const readable = reachable.filter(facts => facts.privileges.includes('SELECT'))
  const attempts: Attempt[] = []
  for (const facts of readable) {
    const plant = await selectPlantFacts(client, parser, facts.oid)
    attempts.push({ client, facts, plant, role: appRole, from, to, ...shared })
  }
  const leaks: IsolationLeak[] = []
  const untried: string[] = []
  const blind: string[] = []
  await client.query('begin')
  try {
    // First all without the setting: once it was set in a session, as planting may have to, it is never quite unset again.
    const unset = 'has not set it'
    const leaking = new Set<Attempt>()
    for (const look of [lookUnset, tryUnset]) {
      for (const attempt of attempts.filter(one => !leaking.has(one))) {
        const problem = await inSavepoint(attempt, () => look(attempt, unset))
        if (problem === null) continue
        leaking.add(attempt)
        leaks.push(toLeak(attempt, name, problem))
      }
    }
    for (const attempt of attempts) {
      const found = await tryOne(attempt)
      leaks.push(...found.problems.map(problem => toLeak(attempt, name, problem)))
      if (found.untried) untried.push(`${attempt.facts.table}: ${found.untried}`)
      if (found.isBlind) blind.push(attempt.facts.table)
    }
  } finally {
    await client.query('rollback')
  }
  return { leaks, tried: readable.length, untried, blind }
}

async function tryOne(attempt: Attempt): Promise<{
  readonly problems: readonly string[]
  readonly untried: string | null
  readonly isBlind: boolean
}> {
  const { client, setting, from, to } = attempt
  const said: (string | null)[] = [
    await inSavepoint(attempt, () => tryUnset(attempt, 'has emptied it', true)),
  ]
  const planted = { untried: null as string | null, isBlind: false }
  said.push(
    await inSavepoint(attempt, async () => {
      planted.untried = (await plantRows(attempt)).untried
      await becomeRole(attempt)
      await client.query('select set_config($1, $2, true)', [setting, from])
      const type = attempt.facts.columnType ?? 'text'
      const column = quoteIdentifier(attempt.column)
      const own = await run(
        client,
        `select 1 from ${attempt.facts.table} where ${column} = ${quoteLiteral(from)}::${type} limit 1`,
      )
      planted.isBlind =
        isTable(attempt) && planted.untried === null && own.result === 'rows' && own.count === 0
      const other = await run(
        client,
        `select ${column}::text as first from ${attempt.facts.table} where ${column} is distinct from ${quoteLiteral(from)}::${type} limit 1`,
      )
      if (other.result === 'rows' && other.count > 0)
        return `tenant ${from} reads rows of tenant ${other.first ?? '(none)'}`
      return planted.untried === null ? await tryWrites(attempt) : null
    }),
  )
  if (isTable(attempt)) {
    said.push(await inSavepoint(attempt, () => tryInsert(attempt, to)))
    if (attempt.facts.rowSecurity) said.push(await inSavepoint(attempt, () => tryWithoutSecurity(attempt)))
  }
  return { problems: [...new Set(said.flatMap(problem => problem ?? []))], ...planted }
}

function isTable({ facts }: Attempt): boolean {
  return facts.kind === 'r' || facts.kind === 'p'
}

/** What became of planting rows. */
interface Planted {
  /** Why there are none to try it on; null where there are. */
  readonly untried: string | null
  /** Whether the session has said for whom it works. */
  readonly hasSet: boolean
}

/** Rows of both are there, or made: nothing is proven where there is nothing to see. */
async function plantRows(attempt: Attempt): Promise<Planted> {
  let hasSet = false
  if (!isTable(attempt)) return { untried: null, hasSet }
  const { client, facts, plant, column, setting, from, to } = attempt
  const type = facts.columnType ?? 'text'
  for (const [index, tenant] of [from, to].entries()) {
    const there = await run(
      client,
      `select 1 from ${facts.table} where ${quoteIdentifier(column)} = ${quoteLiteral(tenant)}::${type} limit 1`,
    )
    if (there.result === 'rows' && there.count > 0) continue
    const statement = writeRow(facts.table, plant, { column, tenant, seed: 1_000 * (index + 1) })
    if (statement === null)
      return { untried: `it has no row of tenant ${tenant}, and none can be made up`, hasSet }
    await run(client, 'set local session_replication_role = replica')
    const made = await run(client, statement)
    if (made.result === 'rows') continue
    // The owner of a table with forced policies writes as a tenant too.
    await client.query('select set_config($1, $2, true)', [setting, tenant])
    hasSet = true
    const again = await run(client, statement)
    if (again.result === 'refused')
      return {
        untried: `it has no row of tenant ${tenant}, and one made up was refused (SQLSTATE ${again.sqlstate})`,
        hasSet,
      }
  }
  return { untried: null, hasSet }
}

/** With the rows that there are. */
async function lookUnset(attempt: Attempt, how: string): Promise<string | null> {
  const { client, facts, setting } = attempt
  await becomeRole(attempt)
  const seen = await run(client, `select 1 from ${facts.table} limit 1`)
  return seen.result === 'rows' && seen.count > 0 ? `a session that ${how} (${setting}) sees rows` : null
}

async function tryUnset(attempt: Attempt, how: string, isEmptied = false): Promise<string | null> {
  const { untried, hasSet } = await plantRows(attempt)
  if (isEmptied || hasSet || untried !== null)
    await attempt.client.query(`select set_config($1, '', true)`, [attempt.setting])
  return lookUnset(attempt, how)
}

async function tryWrites({ client, facts, column, from, to }: Attempt): Promise<string | null> {
  const where = `where ${quoteIdentifier(column)} = ${quoteLiteral(to)}::${facts.columnType ?? 'text'}`
  const attempts = [
    [
      'UPDATE',
      'changes',
      `update ${facts.table} set ${quoteIdentifier(column)} = ${quoteIdentifier(column)} ${where}`,
    ],
    ['DELETE', 'deletes', `delete from ${facts.table} ${where}`],
  ] as const
  for (const [privilege, does, statement] of attempts) {
    if (!facts.privileges.includes(privilege)) continue
    const done = await run(client, statement)
    // A constraint that was broken is one that was reached.
    const isReached = done.result === 'rows' ? done.count > 0 : done.sqlstate.startsWith('23')
    if (isReached) return `tenant ${from} ${does} rows of tenant ${to}`
  }
  return null
}

/** Policies are checked before constraints, so a constraint that complains says that the policy let the row pass. */
async function tryInsert(attempt: Attempt, to: string): Promise<string | null> {
  const { client, facts, plant, column, setting, from } = attempt
  // A partitioned table looks for the part before it asks the policies.
  if (!facts.privileges.includes('INSERT') || facts.kind === 'p') return null
  const statement = writeBareRow(facts.table, plant, { column, tenant: to })
  if (statement === null) return null
  await becomeRole(attempt)
  await client.query('select set_config($1, $2, true)', [setting, from])
  const done = await run(client, statement)
  const isLetIn = done.result === 'rows' ? done.count > 0 : done.sqlstate.startsWith('23')
  return isLetIn ? `tenant ${from} writes rows of tenant ${to}` : null
}

/** With row security off a role that policies hold for is refused; one that they do not hold for sees everything. */
async function tryWithoutSecurity(attempt: Attempt): Promise<string | null> {
  await becomeRole(attempt)
  await attempt.client.query('set local row_security = off')
  const seen = await run(attempt.client, `select 1 from ${attempt.facts.table} limit 1`)
  return seen.result === 'rows' ? 'no policy holds for it (row_security = off is not refused)' : null
}

/** As the login itself where that is possible: policies may ask for it. */
async function becomeRole({ client, role }: Attempt): Promise<void> {
  const login = await run(client, `set local session authorization ${quoteIdentifier(role)}`)
  if (login.result !== 'refused') return
  await client.query(`set local role ${quoteIdentifier(role)}`).catch((error: unknown) => {
    if (sqlStateOf(error) !== '42501') throw error
    throw new LockstepError({
      kind: 'usage',
      problem: `the login is no member of ${role}, and cannot look at rows as the application does`,
      fix: `grant ${quoteIdentifier(role)} to the role that Lockstep logs in as, or waive the gate.`,
    })
  })
}

async function inSavepoint<Result>({ client }: Attempt, work: () => Promise<Result>): Promise<Result> {
  await client.query('savepoint probe')
  try {
    return await work()
  } finally {
    await client.query('rollback to savepoint probe; release savepoint probe')
  }
}

/** Runs a statement that may be refused; the transaction stays usable. */
async function run(client: DatabaseClient, sql: string): Promise<Outcome> {
  await client.query('savepoint statement')
  try {
    const { rows, rowCount } = await client.query<{ readonly first?: string | null }>(sql)
    await client.query('release savepoint statement')
    return { result: 'rows', count: rowCount ?? 0, first: rows[0]?.first ?? null }
  } catch (error) {
    const sqlstate = sqlStateOf(error)
    if (sqlstate === null || !client.isAlive()) throw error
    await client.query('rollback to savepoint statement; release savepoint statement')
    return { result: 'refused', sqlstate }
  }
}

function toLeak({ facts, role }: Attempt, tenant: string, problem: string): IsolationLeak {
  return {
    role,
    ofTenant: tenant,
    reaches: `rows of another tenant in ${facts.table}`,
    grant: `it was tried: ${problem}`,
    fix: '',
    object: facts.table,
  }
}
