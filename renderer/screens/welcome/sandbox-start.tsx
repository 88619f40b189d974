import { useEffect, useState } from 'react'
import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { useApi, useDashboard } from '../../store/dashboard-context.tsx'
import { useAction } from '../../store/use-action.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { listSteps } from './sandbox-progress.ts'
import styles from './sandbox-start.module.css'

interface SandboxStartProps {
  /** Told when the sandbox is open. */
  readonly onOpen?: () => void
}

/** Starts the sandbox cluster and opens it: one press, its steps as they come, and what to do when it fails. */
export function SandboxStart({ onOpen }: SandboxStartProps) {
  const demo = useDashboard(state => state.session?.demo ?? notStarted)
  const isReadOnly = useDashboard(state => state.session?.readOnly ?? false)
  const heard = useHeardLines()
  const opening = useAction('demo.open')
  const isStarting = opening.isRunning || demo.state === 'starting'
  const steps = listSteps(demo, heard, opening.isRunning)
  const failure = opening.failure ?? (demo.state === 'failed' && !isStarting ? demo.failure : null)
  const open = async (): Promise<void> => {
    if (await opening.run({})) onOpen?.()
  }
  return (
    <div className={styles.start}>
      <div>
        <Button
          kind="primary"
          onPress={() => void open()}
          isBusy={isStarting}
          refusal={isReadOnly ? describeFailure(readOnly).what : null}
        >
          {labelOf(demo.state, isStarting)}
        </Button>
      </div>
      {isReadOnly && <p className="quiet">{describeFailure(readOnly).what}</p>}
      {steps.length > 0 && (
        <ol className={styles.steps} aria-label="Steps of starting the sandbox" aria-live="polite">
          {steps.map(({ text, status }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are only added at the end.
            <li key={index}>
              <StatusMark status={status} isIconOnly /> <span>{text}</span>
            </li>
          ))}
        </ol>
      )}
      {isStarting && steps.length === 0 && (
        <p className="quiet" role="status">
          Starting PostgreSQL on this machine
        </p>
      )}
      {failure && (
        <FailureNotice
          failure={failure}
          effect="No project was opened, and nothing outside of the sandbox was touched."
        />
      )}
    </div>
  )
}

const notStarted = { state: 'not_started' } as const
const readOnly = { kind: 'read_only', action: 'start the sandbox' } as const

function labelOf(state: 'not_started' | 'starting' | 'running' | 'failed', isStarting: boolean): string {
  if (isStarting) return 'Starting the sandbox'
  if (state === 'running') return 'Open the sandbox'
  return state === 'failed' ? 'Start the sandbox again' : 'Start the sandbox'
}

function useHeardLines(): readonly string[] {
  const api = useApi()
  const [lines, setLines] = useState<readonly string[]>([])
  useEffect(
    () =>
      api.subscribe(event => {
        if (event.type === 'progress' && event.task === 'demo') setLines(before => [...before, event.line])
      }),
    [api],
  )
  return lines
}
