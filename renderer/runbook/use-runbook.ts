import type { ProtocolView } from '../../shared/api/protocol-view.ts'
import type { PhaseName } from '../../shared/run/phase.ts'
import { type Loadable, useRequest } from '../store/use-request.ts'

/** The runbook of the open project, read again when another one is opened. */
export function useRunbook(): Loadable<ProtocolView> {
  return useRequest('protocol.read', {}, { when: event => event.type === 'session.changed' })
}

/** What a runbook says about one phase; null where it says nothing. */
export function findProse(runbook: ProtocolView | null, phase: PhaseName): string | null {
  const prose = runbook?.phases.find(one => one.phase === phase)?.prose ?? ''
  return prose === '' ? null : prose
}

/** Where a runbook is written. */
export function nameRunbook({ file }: ProtocolView): string {
  return file ?? 'the default protocol'
}
