import type { Reach } from './reach.ts'
import { findReachingFunction } from './reaching-functions.ts'
import {
  isSyntaxNode,
  readNameParts,
  readNode,
  readNodes,
  readText,
  type SyntaxNode,
  walkTree,
} from './syntax-node.ts'

/** Says what a statement does beyond its own database, as far as it stands in it; null for nothing. */
export function findReach(type: string, node: SyntaxNode): Reach | null {
  return findReachOfType(type, node) ?? (definesOnly.has(type) ? null : findReachOfCalls(node))
}

/** Names of the functions that stand in a tree, in parts. */
export function findCalls(root: SyntaxNode): readonly (readonly string[])[] {
  return [...walkTree(root)].flatMap(node =>
    isSyntaxNode(node.FuncCall) ? [readNameParts(readNodes(node.FuncCall, 'funcname'))] : [],
  )
}

/** Statements whose function calls run later, if ever. */
export const definesOnly: ReadonlySet<string> = new Set([
  'CreateFunctionStmt',
  'ViewStmt',
  'RuleStmt',
  'PrepareStmt',
])

const roles: Reach = { scope: 'server', what: 'changes roles, which every database of the server shares' }
const databases: Reach = { scope: 'server', what: 'changes databases of the server' }
const tablespaces: Reach = { scope: 'server', what: 'changes tablespaces of the server' }
const owned: Reach = { scope: 'server', what: 'reaches what a role owns or may do in the whole server' }
const settings: Reach = { scope: 'server', what: 'changes settings of the server' }
const subscriptions: Reach = {
  scope: 'server',
  what: 'changes subscriptions, which belong to the whole server',
}
const publisher: Reach = { scope: 'outside', what: 'connects to the publisher of a subscription' }
const foreign: Reach = { scope: 'outside', what: 'connects to a foreign server' }
const program: Reach = { scope: 'outside', what: 'runs a program on the server' }
const file: Reach = { scope: 'outside', what: 'writes a file of the server' }
const library: Reach = { scope: 'server', what: 'loads a library into the server' }

const always: ReadonlyMap<string, Reach> = new Map([
  ['CreateRoleStmt', roles],
  ['AlterRoleStmt', roles],
  ['AlterRoleSetStmt', roles],
  ['DropRoleStmt', roles],
  ['GrantRoleStmt', roles],
  ['ReassignOwnedStmt', owned],
  ['DropOwnedStmt', owned],
  ['CreatedbStmt', databases],
  ['DropdbStmt', databases],
  ['AlterDatabaseStmt', databases],
  ['AlterDatabaseSetStmt', databases],
  ['AlterDatabaseRefreshCollStmt', databases],
  ['AlterSystemStmt', settings],
  ['CreateTableSpaceStmt', tablespaces],
  ['DropTableSpaceStmt', tablespaces],
  ['AlterTableSpaceOptionsStmt', tablespaces],
  ['AlterTableMoveAllStmt', tablespaces],
  // With a slot it takes that away on the publisher, which only the server knows.
  ['DropSubscriptionStmt', publisher],
  ['ImportForeignSchemaStmt', foreign],
  ['LoadStmt', library],
])

/** Kinds of objects that belong to the server. */
const shared: ReadonlyMap<string | null, Reach> = new Map([
  ['OBJECT_ROLE', roles],
  ['OBJECT_DATABASE', databases],
  ['OBJECT_TABLESPACE', tablespaces],
  ['OBJECT_SUBSCRIPTION', subscriptions],
  ['OBJECT_PARAMETER_ACL', settings],
])

function findReachOfType(type: string, node: SyntaxNode): Reach | null {
  switch (type) {
    case 'RenameStmt':
      return shared.get(readText(node, 'renameType')) ?? null
    case 'AlterOwnerStmt':
    case 'AlterObjectDependsStmt':
      return shared.get(readText(node, 'objectType')) ?? null
    case 'CommentStmt':
    case 'SecLabelStmt':
    case 'GrantStmt':
      return shared.get(readText(node, 'objtype')) ?? null
    case 'CreateSubscriptionStmt':
      return isSwitchedOff(node, 'connect') ? subscriptions : publisher
    case 'AlterSubscriptionStmt':
      return staysAtHome(node) ? subscriptions : publisher
    case 'CopyStmt':
      if (node.is_program === true) return program
      return readText(node, 'filename') !== null && node.is_from !== true ? file : null
    default:
      return always.get(type) ?? null
  }
}

function findReachOfCalls(node: SyntaxNode): Reach | null {
  for (const name of findCalls(node)) {
    const found = findReachingFunction(name.at(-1) ?? '')
    if (found) return { scope: found.scope, what: `calls ${name.at(-1)}(), which ${found.what}` }
  }
  return null
}

/** Only these ask nothing of the publisher. */
function staysAtHome(node: SyntaxNode): boolean {
  const kind = readText(node, 'kind')
  if (kind === 'ALTER_SUBSCRIPTION_ENABLED') return isSwitchedOff(node, 'enabled')
  return kind === 'ALTER_SUBSCRIPTION_OPTIONS' || kind === 'ALTER_SUBSCRIPTION_SKIP'
}

function isSwitchedOff(node: SyntaxNode, name: string): boolean {
  const option = readNodes(node, 'options')
    .map(one => readNode(one, 'DefElem'))
    .find(one => readText(one, 'defname') === name)
  return (
    option !== undefined &&
    /"sval":"(false|off|no)"|"ival":\{\}|"ival":0|"boolval":(\{\}|false)/.test(
      JSON.stringify(option.arg ?? null),
    )
  )
}
