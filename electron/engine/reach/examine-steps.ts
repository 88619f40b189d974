import type { PlannedStep } from '../../../shared/plan/plan.ts'
import { assertNever } from '../../../shared/text/assert-never.ts'
import { shortenText } from '../../../shared/text/plain-words.ts'
import { definesOnly, findCalls, findReach } from '../../sql/find-reach.ts'
import type { Reach } from '../../sql/reach.ts'
import { runsText } from '../../sql/reaching-functions.ts'
import { startsReadably } from '../../sql/scan-body.ts'
import {
  isSyntaxNode,
  readNameParts,
  readNode,
  readNodes,
  readText,
  type SyntaxNode,
  walkTree,
} from '../../sql/syntax-node.ts'
import type { LintStatement } from '../lint/statements/lint-statement.ts'
import { readStep, tooLong } from '../lint/statements/read-step.ts'
import type { DatabaseCode } from '../ports/reach-facts.ts'
import type { ShadowRequest } from '../ports/shadows.ts'
import type { SqlParser } from '../ports/sql-parser.ts'
import { type CodeTraits, certainOf, creditTraits, farthestOf, noTraits } from './code-traits.ts'
import { findUses, rebuildsUnnamed } from './find-uses.ts'
import { KnownCode } from './known-code.ts'
import { learnCode, preparedRoutine } from './learn-code.ts'

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
  /** Those of them that a copy without rows does not show. */
  readonly hidden: readonly string[]
  /** Installed extensions by which code that is not seen could leave any server. */
  readonly waysOut: readonly string[]
}

/** What a piece of a statement runs, and whether that may depend on rows that are there. */
interface Found {
  readonly traits: CodeTraits
  readonly needsRows: boolean
}

const withRows = (traits: CodeTraits): Found => ({ traits, needsRows: true })
const always = (traits: CodeTraits): Found => ({ traits, needsRows: false })

/** Looks at the statements of steps, at what they call, and at what the relations that they use run by themselves. */
export async function examineSteps(
  steps: readonly PlannedStep[],
  code: DatabaseCode,
  parser: SqlParser,
): Promise<RouteReach> {
  const known = new KnownCode(code)
  const reaches: StepReach[] = []
  const obstacles = new Map<string, Found>()
  for (const step of steps) {
    const add = (statement: string, found: Found): void => {
      const { reach, obstacle } = found.traits
      const shown = shortenText(statement, 80)
      if (reach) reaches.push({ revision: step.revision, statement: shown, reach })
      if (obstacle) obstacles.set(`${step.revision}: ${shown}: ${obstacle}`, found)
    }
    for (const statement of (await readStep(withHiddenSql(step), [], parser)).statements) {
      learnCode(statement, known)
      for (const found of examineStatement(statement, known))
        add(statement.tree.sql || describeUnseen(statement), found)
    }
    if (step.unrendered !== '' && !step.transactional) {
      const what = 'cannot be shown beforehand, and is committed statement by statement'
      add('', withRows({ reach: { scope: 'unknown', what }, obstacle: null }))
    }
    if (step.unrendered !== '') {
      const anything = known.ofAnything('write')
      add('', withRows(creditTraits(anything, 'cannot be shown beforehand, and may be what')))
    }
  }
  const farthest = farthestOf(reaches.map(({ reach }) => reach))
  return {
    farthest: reaches.find(({ reach }) => reach === farthest) ?? null,
    obstacles: [...obstacles.keys()],
    hidden: [...obstacles].flatMap(([said, { needsRows }]) => (needsRows ? [said] : [])),
    waysOut: [...known.waysOut],
  }
}

/** What making a copy would do by itself: it fills views, and checks and computes what belongs to its rows. */
export function examineCopying(code: DatabaseCode, data: ShadowRequest['data']): StepReach | null {
  const { reach } = new KnownCode(code).ofCopying(data !== 'schema')
  return reach && { revision: '', statement: '', reach }
}

/** Says in words what reaches beyond the database, and how. */
export function describeReach({ revision, statement, reach }: StepReach): string {
  const subject = nameSubject(revision, statement)
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

function nameSubject(revision: string, statement: string): string {
  if (revision === '') return 'making a copy'
  return statement === '' ? `revision ${revision}` : `${statement} (revision ${revision})`
}

/** SQL in the source of a revision that cannot be shown: whether it runs is not known, but what it would do is. */
function withHiddenSql(step: PlannedStep): PlannedStep {
  const hidden = (step.sourceSql ?? []).map(sql => ({ sql, tables: [] }))
  return hidden.length === 0 ? step : { ...step, statements: [...step.statements, ...hidden] }
}

function examineStatement(statement: LintStatement, known: KnownCode): readonly Found[] {
  const { tree, unseen, step } = statement
  const { type, node } = tree
  if (unseen) return [withRows(examineUnseen(statement, known))]
  if (type === tooLong || tree.problem) return [withRows(known.ofText(wholeText(statement)))]
  const found = [always({ reach: findReach(type, node), obstacle: null })]
  if (!definesOnly.has(type)) found.push(...findRunCode(type, node, known))
  if (!firesNoEvent.has(type)) found.push(always(known.ofSchemaChange()))
  const foreign = tree.tables.find(table => known.foreignTables.has(table))
  if (foreign !== undefined && firesNoEvent.has(type) && !definesOnly.has(type)) {
    const reach: Reach = {
      scope: 'outside',
      what: `uses the foreign table ${foreign} outside a transaction that is rolled back`,
    }
    const obstacle = `touches the foreign table ${foreign}`
    found.push(always({ reach: step.transactional ? null : reach, obstacle }))
  }
  return found
}

/** What a statement runs: the functions that it calls, and what hangs on the relations that it uses. */
function findRunCode(type: string, node: SyntaxNode, known: KnownCode): readonly Found[] {
  const calls = findCalls(node)
  const used = findUses(type, node).map(use => known.ofUse(use))
  const found = [
    ...calls.map(name => callTraits(name, known)),
    // As a column of its argument, a function is called without a parenthesis.
    ...findPicked(node).map(name => certainOf(callTraits([name], known))),
    known.ofAnyUse(),
  ]
  if (type === 'ExecuteStmt') found.push(known.ofCall(preparedRoutine(node).name))
  if (rebuildsUnnamed(type, node)) found.push(certainOf(known.ofAnything('change')))
  if (calls.some(name => runsText(name.at(-1) ?? ''))) found.push(examineTexts(node, known))
  return [...used.map(bringsItsRows(type, node) ? always : withRows), ...found.map(withRows)]
}

/** An INSERT of values meets rows whatever the table holds: its own. */
function bringsItsRows(type: string, node: SyntaxNode): boolean {
  if (type !== 'InsertStmt' || isSyntaxNode(node.withClause)) return false
  const source = readNode(readNode(node, 'selectStmt'), 'SelectStmt')
  return !isSyntaxNode(node.selectStmt) || readNodes(source, 'valuesLists').length > 0
}

function findPicked(root: SyntaxNode): readonly string[] {
  return [...walkTree(root)].flatMap(node => {
    const fields = [
      ...readNodes(readNode(node, 'ColumnRef'), 'fields'),
      ...readNodes(readNode(node, 'A_Indirection'), 'indirection'),
    ]
    return readNameParts(fields.slice(-1))
  })
}

/** Texts that a function is to run as SQL. */
function examineTexts(root: SyntaxNode, known: KnownCode): CodeTraits {
  const texts = [...walkTree(root)].flatMap(
    node => readText(readNode(readNode(node, 'A_Const'), 'sval'), 'sval') ?? [],
  )
  if (texts.length > 0) return known.ofText(texts.join(' ; '))
  return { reach: { scope: 'unknown', what: 'runs SQL that is made while it runs' }, obstacle: null }
}

/** What is too long to be parsed stands in the step in full. */
function wholeText({ tree, step, index }: LintStatement): string {
  return tree.type === tooLong ? (step.statements[index]?.sql ?? tree.sql) : tree.sql
}

function examineUnseen({ unseen, tree }: LintStatement, known: KnownCode): CodeTraits {
  if (!unseen) return noTraits
  const unknown = (what: string): CodeTraits => ({ reach: { scope: 'unknown', what }, obstacle: null })
  switch (unseen.kind) {
    case 'call':
      return callTraits(unseen.name, known)
    case 'computed': {
      const traits = known.ofText(unseen.expression)
      if (traits.reach || startsReadably(unseen.expression)) return traits
      return { ...unknown('runs SQL that is made while it runs'), obstacle: traits.obstacle }
    }
    case 'language':
      return unknown(`runs code in ${unseen.language}`)
    case 'unreadable': {
      const traits = known.ofText(tree.sql)
      return traits.reach ? traits : unknown(`cannot be read: ${unseen.problem}`)
    }
    default:
      return assertNever(unseen)
  }
}

function callTraits(name: readonly string[], known: KnownCode): CodeTraits {
  // Without a schema, a function of the database may have the name of one of the server.
  if (name.at(-2) === 'pg_catalog') return noTraits
  const own = name.at(-1) ?? ''
  return creditTraits(known.ofCall(own), `calls ${own}(), which`)
}

function describeUnseen({ unseen }: LintStatement): string {
  return unseen?.kind === 'computed' ? `execute ${unseen.expression}` : 'a do block'
}

/** Statements that fire no event trigger. */
const firesNoEvent: ReadonlySet<string> = new Set([
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'CopyStmt',
  'TruncateStmt',
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
