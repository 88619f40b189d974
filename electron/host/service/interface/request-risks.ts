import type { ChangingRequest, EngineRequests, RequestName } from '../../../../shared/api/engine-api.ts'

/** The closed list of requests, and whether each changes something. */
export const requestRisks: { readonly [Name in RequestName]: EngineRequests[Name]['risk'] } = {
  'session.read': 'reads',
  'project.open': 'changes',
  'demo.open': 'changes',
  'overview.read': 'reads',
  'topology.read': 'reads',
  'topology.forget': 'reads',
  'lag.read': 'reads',
  'plan.make': 'changes',
  'plan.read': 'reads',
  'plan.check': 'changes',
  'plan.rehearse': 'changes',
  'plan.approve': 'changes',
  'plan.reject': 'changes',
  'run.start': 'changes',
  'run.pause': 'changes',
  'run.resume': 'changes',
  'run.abort': 'changes',
  'run.recover': 'changes',
  'rollback.propose': 'changes',
  'rollback.start': 'changes',
  'protocol.read': 'reads',
  'run.list': 'reads',
  'run.read': 'reads',
  'run.follow': 'reads',
  'run.unfollow': 'reads',
  'run.compare': 'reads',
  'run.import': 'changes',
  'run.report': 'reads',
  'log.range': 'reads',
  'log.search': 'reads',
  'log.firstFailure': 'reads',
  'log.download': 'reads',
  'preferences.read': 'reads',
  'preferences.write': 'changes',
  'secret.state': 'reads',
  'secret.write': 'changes',
  'secret.forget': 'changes',
}

/** Says whether a word names a request. */
export function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(requestRisks, name)
}

/** Says whether a request changes something. */
export function isChanging(name: RequestName): name is ChangingRequest {
  return requestRisks[name] === 'changes'
}
