import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { Failure } from '../../../shared/failure/failure.ts'
import { useTitle } from '../../hooks/use-title.ts'
import { Link } from '../../route/link.tsx'
import { routeTo, type ScreenRoute } from '../../route/route.ts'
import { useDashboard } from '../../store/dashboard-context.tsx'
import { navigate } from '../../store/navigate.ts'
import { useAction } from '../../store/use-action.ts'
import { useProgress } from '../../store/use-progress.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { ProgressLines } from '../../ui/progress-lines.tsx'
import { splitWords } from '../../ui/split-words.ts'
import styles from './plan-screen.module.css'

interface MakePlanProps {
  readonly route: ScreenRoute
  /** No plan waits, so that this is not a second one. */
  readonly hasNone: boolean
}

/** The way to a plan: for whom and up to which revision; both may stay empty. */
export function MakePlan({ route, hasNone }: MakePlanProps) {
  const [target, setTarget] = useState(route.query.target ?? '')
  const [tenants, setTenants] = useState(route.query.tenants ?? '')
  const making = useAction('plan.make')
  const [lines, clear] = useProgress('plan')
  const isConnected = useDashboard(state => state.connection.state === 'connected')
  const isReadOnly = useDashboard(state => state.session?.readOnly ?? false)
  const refusal = isReadOnly
    ? 'this dashboard is read-only'
    : isConnected
      ? null
      : 'the connection to the engine is lost'
  const heading = useRef<HTMLHeadingElement>(null)
  useTitle('Make a plan')
  useEffect(() => {
    if (route.tab === 'new') heading.current?.focus()
  }, [route.tab])
  const make = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault()
    if (making.isRunning || refusal !== null) return
    clear()
    const view = await making.run({ target: splitWords(target), tenants: splitWords(tenants) })
    if (view !== null) navigate(routeTo('plan', { id: view.plan.planId }))
  }
  return (
    <div className={styles.screen}>
      <h1 tabIndex={-1} ref={heading}>
        {hasNone ? 'No plan waits: make one' : 'Make a plan'}
      </h1>
      <p>
        A plan says what would run, for whom and in which order. Making one only reads: servers, revisions,
        and where each tenant stands.
      </p>
      <form className={styles.form} onSubmit={event => void make(event)}>
        <label className={styles.field}>
          <span>Target</span>
          <input
            value={target}
            onChange={event => setTarget(event.target.value)}
            placeholder="the head"
            aria-describedby="plan-target-hint"
            autoComplete="off"
            spellCheck={false}
          />
        </label>
        <p id="plan-target-hint" className="quiet">
          A revision, or several with spaces between them; <code>heads</code> means every head. Empty means
          what the project says, or its only head.
        </p>
        <label className={styles.field}>
          <span>Tenants</span>
          <input
            value={tenants}
            onChange={event => setTenants(event.target.value)}
            placeholder="all tenants"
            aria-describedby="plan-tenants-hint"
            autoComplete="off"
            spellCheck={false}
          />
        </label>
        <p id="plan-tenants-hint" className="quiet">
          Names or patterns such as <code>acme*</code>, with spaces between them. Empty means all tenants.
        </p>
        <button type="submit" hidden />
        <div className={styles.buttons}>
          <Button kind="primary" onPress={() => void make()} isBusy={making.isRunning} refusal={refusal}>
            Make a plan
          </Button>
          {!hasNone && <Link to={routeTo('plan')}>Show the plan that waits</Link>}
        </div>
      </form>
      {making.isRunning && <ProgressLines title="Making a plan" lines={lines} />}
      {making.failure && (
        <FailedToPlan failure={making.failure} onRetry={() => void make()} onTarget={setTarget} />
      )}
    </div>
  )
}

interface FailedToPlanProps {
  readonly failure: Failure
  readonly onRetry: () => void
  readonly onTarget: (target: string) => void
}

function FailedToPlan({ failure, onRetry, onTarget }: FailedToPlanProps) {
  return (
    <>
      <FailureNotice
        failure={failure}
        effect="No plan was made, and nothing was changed."
        onRetry={onRetry}
      />
      {failure.kind === 'several_heads' && (
        <div className={styles.buttons}>
          {failure.heads.map(head => (
            <Button key={head} onPress={() => onTarget(head)}>
              {`Take ${head} as the target`}
            </Button>
          ))}
          <Button onPress={() => onTarget('heads')}>
            {`Take all ${failure.heads.length} heads as the target`}
          </Button>
        </div>
      )}
      {failure.kind === 'run_unfinished' && failure.project === undefined && (
        <p>
          <Link to={routeTo('runs', { id: failure.runId })}>Open the run and recover it</Link>
        </p>
      )}
    </>
  )
}
