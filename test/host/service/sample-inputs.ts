import type { InputOf, RequestName } from '../../../shared/api/engine-api.ts'
import { defaultPreferences } from '../../../shared/api/preferences.ts'

const planId = 'a'.repeat(64)
const runId = '01K2ZQ6J8S3W5T7V9X1Z3B5D7F'
const confirmation = { kind: 'acknowledged' } as const
const filter = { tenant: 'acorn', phase: 'planning', problemsWith: 3 } as const

/** An input of each request, as a screen would send it. */
export const sampleInputs: { readonly [Name in RequestName]: InputOf<Name> } = {
  'session.read': {},
  'project.open': { path: 'shop' },
  'demo.open': {},
  'overview.read': {},
  'topology.read': {},
  'topology.forget': {},
  'lag.read': {},
  'plan.make': { target: [], tenants: ['acorn'] },
  'plan.read': { planId },
  'plan.check': { planId },
  'plan.rehearse': { planId },
  'plan.approve': { planId, confirmation, comment: 'looks right' },
  'plan.reject': { planId, comment: 'not today' },
  'run.start': { planId, confirmation },
  'run.pause': { runId, confirmation },
  'run.resume': { runId, confirmation },
  'run.abort': { runId, confirmation },
  'run.recover': { runId, confirmation },
  'rollback.propose': { runId, tenants: ['acorn'] },
  'rollback.start': { runId, rollbackId: planId, confirmation, acceptLoss: null, disconnect: true },
  'protocol.read': {},
  'run.list': {},
  'run.read': { runId },
  'run.follow': { runId, afterSeq: 12 },
  'run.unfollow': { runId },
  'run.compare': { left: runId, right: runId },
  'run.import': { name: 'events.jsonl', text: '{}' },
  'run.report': { runId },
  'log.range': { runId, filter, from: 0, count: 200 },
  'log.search': {
    runId,
    filter,
    query: { text: 'error', matchCase: false, wholeWord: false, isRegex: false },
  },
  'log.firstFailure': { runId, filter },
  'log.download': { runId, kind: 'text' },
  'preferences.read': {},
  'preferences.write': { preferences: defaultPreferences },
  'secret.state': {},
  'secret.write': { server: 'primary', password: 'correct horse' },
  'secret.forget': { server: 'primary' },
}
