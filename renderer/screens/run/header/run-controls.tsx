import { type ReactNode, useState } from 'react'
import type { RunView } from '../../../../shared/api/run-view.ts'
import { describeFailure } from '../../../../shared/failure/describe-failure.ts'
import type { Action, Confirmation } from '../../../../shared/plan/confirmation-level.ts'
import { countOf } from '../../../../shared/text/plain-words.ts'
import { useDashboard } from '../../../store/dashboard-context.tsx'
import { useAction } from '../../../store/use-action.ts'
import { Button } from '../../../ui/button.tsx'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { FailureNotice } from '../../../ui/failure-notice.tsx'
import { findPrepared, stageOf } from './describe-run.ts'

type Control = 'pause' | 'resume' | 'abort' | 'recover'

/** What may be done to a run now; what may not says why. */
export function RunControls({ view }: { readonly view: RunView }) {
  const [asked, setAsked] = useState<Control | null>(null)
  const environment = useDashboard(state => state.session?.project?.environment ?? null)
  const refusalOf = useRefusals(view)
  const { runId } = view.summary
  const pause = useAction('run.pause')
  const resume = useAction('run.resume')
  const abort = useAction('run.abort')
  const recover = useAction('run.recover')
  const actions = { pause, resume, abort, recover }
  const levelOf = (action: Action) => view.possible.find(one => one.action === action)?.level ?? 2
  const carryOut = async (control: Control, confirmation: Confirmation | null): Promise<void> => {
    const answer = await actions[control].run({ runId, confirmation })
    if (answer !== null) setAsked(null)
  }
  const press = (control: Control): void => {
    for (const action of Object.values(actions)) action.forget()
    if (levelOf(control) >= 2 && environment !== null) setAsked(control)
    else void carryOut(control, null)
  }
  const controls = controlsOf(view)
  const failure =
    asked === null ? controls.map(control => actions[control].failure).find(one => one !== null) : null
  return (
    <>
      {controls.map(control => (
        <Button
          key={control}
          kind={control === 'abort' ? 'danger' : control === 'pause' ? 'plain' : 'primary'}
          refusal={refusalOf(control)}
          isBusy={actions[control].isRunning}
          onPress={() => press(control)}
        >
          {titleOf(control, view)}
        </Button>
      ))}
      {failure && <FailureNotice failure={failure} />}
      {asked !== null && environment !== null && (
        <ConfirmDialog
          title={titleOf(asked, view)}
          level={levelOf(asked)}
          environment={environment}
          isDangerous={asked === 'abort'}
          isBusy={actions[asked].isRunning}
          failure={actions[asked].failure}
          onConfirm={confirmation => void carryOut(asked, confirmation)}
          onClose={() => setAsked(null)}
        >
          <p>{effectOf(asked, view)}</p>
        </ConfirmDialog>
      )}
    </>
  )
}

function controlsOf(view: RunView): readonly Control[] {
  const stage = stageOf(view)
  if (stage === 'at_work') {
    // What has been asked for cannot be asked for again, nor taken back.
    if (view.control === 'aborting') return []
    const isPausing = view.control === 'pausing' || view.control === 'paused' || view.state.pause !== null
    return [isPausing ? 'resume' : 'pause', 'abort']
  }
  return stage === 'cut_off' || view.state.outcome === 'needs_human' ? ['recover'] : []
}

/** Why something cannot be done now: the session only reads, nothing answers, or the engine says no. */
export function useRefusals(view: RunView): (action: Action) => string | null {
  const isReadOnly = useDashboard(state => state.session?.readOnly ?? false)
  const isConnected = useDashboard(state => state.connection.state === 'connected')
  return action => {
    if (isReadOnly) return 'this dashboard is read-only'
    if (!isConnected) return 'the connection to the engine is lost'
    const refusal = view.possible.find(one => one.action === action)?.refusal ?? null
    if (refusal === null) return null
    const { what, why } = describeFailure(refusal)
    return why === '' ? what : `${what} ${why}`
  }
}

function titleOf(control: Control, view: RunView): string {
  switch (control) {
    case 'pause':
      return 'Pause the run'
    case 'resume':
      return 'Resume the run'
    case 'abort':
      return `Abort the run over ${countOf(view.state.tenants.length, 'tenant')}`
    case 'recover': {
      const prepared = findPrepared(view.state).length
      return prepared === 0 ? 'Recover the run' : `Recover the run and settle ${countOf(prepared, 'tenant')}`
    }
  }
}

function effectOf(control: Control, view: RunView): ReactNode {
  switch (control) {
    case 'pause':
      return 'The tenants at work finish; the pause takes effect where nothing is prepared, so no session waits for a lock meanwhile.'
    case 'resume':
      return `The run goes on${view.state.pause?.before ? ` with ${view.state.pause.before}` : ' where it was held'}.`
    case 'abort':
      return 'Nothing new starts, what has begun is rolled back and proven. Groups that have committed stay committed.'
    case 'recover':
      return 'Where the decision to commit is in the log, its tenants are committed; everything else that was prepared is rolled back and proven.'
  }
}
