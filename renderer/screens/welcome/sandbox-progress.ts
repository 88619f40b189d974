import type { DemoState } from '../../../shared/api/session-view.ts'
import type { Status } from '../../status/status.ts'

/** One step of starting the sandbox. */
export interface SandboxStep {
  readonly text: string
  readonly status: Status
}

/**
 * The steps that were said so far, the last of them under way.
 *
 * The session repeats every line and events bring each once: the one that knows more is right.
 */
export function listSteps(
  demo: DemoState,
  heard: readonly string[],
  isStarting: boolean,
): readonly SandboxStep[] {
  const told = demo.state === 'starting' ? demo.lines : []
  const lines = told.length >= heard.length ? told : heard
  const isUnderWay = isStarting || demo.state === 'starting'
  return lines.map((text, index) => ({
    text,
    status: index < lines.length - 1 ? 'passed' : statusOfLast(demo, isUnderWay),
  }))
}

function statusOfLast(demo: DemoState, isUnderWay: boolean): Status {
  if (isUnderWay) return 'running'
  return demo.state === 'failed' ? 'failed' : 'passed'
}
