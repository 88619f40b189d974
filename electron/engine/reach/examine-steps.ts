import { assertNever } from '../../../shared/assert-never.ts'
import { shortenText } from '../../../shared/plain-words.ts'
import type { PlannedStep } from '../../../shared/plan.ts'
import { definesOnly, findCalls, findReach } from '../../../shared/sql/find-reach.ts'
import type { Reach } from '../../../shared/sql/reach.ts'
import { scanBody, startsReadably } from '../../../shared/sql/scan-body.ts'
import { readNameParts, readNode, readNodes, readText } from '../../../shared/sql/syntax-node.ts'
import type { LintStatement } from '../lint/lint-statement.ts'
import { readStep, tooLong } from '../lint/read-step.ts'
import { nameRelation } from '../lint/tree/relation.ts'
import { isOfServer } from '../lint/tree/server-functions.ts'
import { readOptionText } from '../lint/tree/statement-options.ts'
import type { DatabaseCode } from '../ports/reach-facts.ts'
import type { SqlParser } from '../ports/sql-parser.ts'
import { type CodeTraits, farthestOf, KnownCode } from './known-code.ts'

/** A statement of a route, and what is said of it. */
export interface StepReach {
  readonly revision: string
  /** Shortened; empty where it is the revision as a whole. */
  readonly statement: string
  readonly reach: Reach
}

/** What steps may do beyond their database, and what may keep their transaction from being prepared. */
export interface RouteReach {
  /** The farthest; null where all stays in the database, as far as can be seen. */
  readonly farthest: StepReach | null
  /** Why a vote may fail once there are rows, such as a trigger that notifies; one fact each. */
  readonly obstacles: readonly string[]
}

/** Looks at the statements of steps, at the blocks and functions that they run, and at what triggers add. */
export async function examineSteps(
  steps: readonly PlannedStep[],
  code: DatabaseCode,
  parser: SqlParser,
): Promise<RouteReach> {
  const known = new KnownCode(code)
  const reaches: StepReach[] = []
  const obstacles: string[] = []
  for (const step of steps) {
    const add = (statement: string, { reach, obstacle }: CodeTraits): void => {
      const shown = shortenText(statement, 80)
      if (reach) reaches.push({ revision: step.revision, statement: shown, reach })
      if (obstacle) obstacles.push(`${step.revision}: ${shown}: ${obstacle}`)
    }
    for (const statement of (await readStep(withHiddenSql(step), [], parser)).statements) {
      learn(statement, known)
      for (const traits of examineStatement(statement, known))
        add(statement.tree.sql || describeUnseen(statement), traits)
    }
    if (step.unrendered !== '' && !step.transactional) {
      const what = 'cannot be shown beforehand, and is committed statement by statement'
      add('', { reach: { scope: 'unknown', what }, obstacle: null })
    }
  }
  const farthest = farthestOf(reaches.map(({ reach }) => reach))
  return {
    farthest: reaches.find(({ reach }) => reach === farthest) ?? null,
    obstacles: [...new Set(obstacles)],
  }
}

/** Says in words what reaches beyond the database, and how. */
export function describeReach({ revision, statement, reach }: StepReach): string {
  const subject = statement === '' ? `revision ${revision}` : `${statement} (revision ${revision})`
  switch (reach.scope) {
    case 'server':
    case 'outside':
      return `${subject} reaches beyond the database: it ${reach.what}`
    case 'unknown':
      return `${subject} may reach beyond the database: it ${reach.what}`
    default:
      return assertNever(reach.scope)
  }
}

/** SQL in the source of a revision that cannot be shown: whether it runs is not known, but what it would do is. */
function withHiddenSql(step: PlannedStep): PlannedStep {
  const hidden = (step.sourceSql ?? []).map(sql => ({ sql, tables: [] }))
  return hidden.length === 0 ? step : { ...step, statements: [...step.statements, ...hidden] }
}

/** What a statement defines is known to those that come after it. */
function learn({ tree: { type, node, sql } }: LintStatement, known: KnownCode): void {
  switch (type) {
    case 'CreateFunctionStmt': {
      const name = readNameParts(readNodes(node, 'funcname')).at(-1) ?? ''
      const language = readOptionText(node, 'language', 'options') || 'sql'
      const isTrusted = !/u$|^c$|^plsh$/.test(language)
      known.addRoutine({ name, language, isTrusted, body: sql })
      break
    }
    case 'CreateTrigStmt':
      known.addTrigger(nameOf(node), {
        name: readText(node, 'trigname') ?? '',
        routine: readNameParts(readNodes(node, 'funcname')).at(-1) ?? '',
      })
      break
    case 'CreateEventTrigStmt':
      known.addEventTrigger({
        name: readText(node, 'trigname') ?? '',
        routine: readNameParts(readNodes(node, 'funcname')).at(-1) ?? '',
      })
      break
    case 'CreateForeignTableStmt':
      known.foreignTables.add(nameOf(readNode(node, 'base')))
      break
  }
}

function examineStatement(statement: LintStatement, known: KnownCode): readonly CodeTraits[] {
  const { tree, unseen, step } = statement
  const { type, node } = tree
  if (unseen) return [examineUnseen(statement, known)]
  if (type === tooLong || tree.problem) return [scanBody(tree.sql)]
  const found: CodeTraits[] = [{ reach: findReach(type, node), obstacle: null }]
  if (!definesOnly.has(type)) {
    found.push(...findCalls(node).map(name => callTraits(name, known)))
  }
  if (writes.has(type)) found.push(known.ofTable(nameOf(node)))
  else if (!looksOnly.has(type)) found.push(known.ofSchemaChange())
  const foreign = tree.tables.find(table => known.foreignTables.has(table))
  if (foreign !== undefined && !definesOnly.has(type) && (writes.has(type) || looksOnly.has(type))) {
    const reach: Reach = {
      scope: 'outside',
      what: `uses the foreign table ${foreign} outside a transaction that is rolled back`,
    }
    found.push({ reach: step.transactional ? null : reach, obstacle: `touches the foreign table ${foreign}` })
  }
  return found
}

function examineUnseen({ unseen, tree }: LintStatement, known: KnownCode): CodeTraits {
  if (!unseen) return { reach: null, obstacle: null }
  const unknown = (what: string): CodeTraits => ({ reach: { scope: 'unknown', what }, obstacle: null })
  switch (unseen.kind) {
    case 'call':
      return callTraits(unseen.name, known)
    case 'computed': {
      const traits = scanBody(unseen.expression)
      if (traits.reach || startsReadably(unseen.expression)) return traits
      return { ...unknown('runs SQL that is made while it runs'), obstacle: traits.obstacle }
    }
    case 'language':
      return unknown(`runs code in ${unseen.language}`)
    case 'unreadable': {
      const traits = scanBody(tree.sql)
      return traits.reach ? traits : unknown(`cannot be read: ${unseen.problem}`)
    }
    default:
      return assertNever(unseen)
  }
}

function callTraits(name: readonly string[], known: KnownCode): CodeTraits {
  if (isOfServer(name)) return { reach: null, obstacle: null }
  const own = name.at(-1) ?? ''
  const { reach, obstacle } = known.ofCall(own)
  return {
    reach: reach && { ...reach, what: `calls ${own}(), which ${reach.what}` },
    obstacle: obstacle && `calls ${own}(), which ${obstacle}`,
  }
}

function describeUnseen({ unseen }: LintStatement): string {
  return unseen?.kind === 'computed' ? `execute ${unseen.expression}` : 'a do block'
}

function nameOf(node: LintStatement['tree']['node']): string {
  const relation = readNode(node, 'relation')
  return nameRelation(readText(relation, 'schemaname'), readText(relation, 'relname') ?? '').key
}

const writes: ReadonlySet<string> = new Set([
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'CopyStmt',
])

/** Statements that fire no event trigger. */
const looksOnly: ReadonlySet<string> = new Set([
  'SelectStmt',
  'VariableSetStmt',
  'VariableShowStmt',
  'ExplainStmt',
  'DoStmt',
  'CallStmt',
  'LockStmt',
  'TransactionStmt',
  'ExecuteStmt',
  'PrepareStmt',
  'DeclareCursorStmt',
  'FetchStmt',
  'ConstraintsSetStmt',
  'NotifyStmt',
  'CheckPointStmt',
  '',
])
