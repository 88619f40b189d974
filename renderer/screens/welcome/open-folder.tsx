import { useId, useState } from 'react'
import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { useDashboard } from '../../store/dashboard-context.tsx'
import { useAction } from '../../store/use-action.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import styles from './open-folder.module.css'

/** Opens the project of a folder that is typed or pasted. */
export function OpenFolder() {
  const isReadOnly = useDashboard(state => state.session?.readOnly ?? false)
  const [path, setPath] = useState('')
  const opening = useAction('project.open')
  const hint = useId()
  const refusal = refuse(path, isReadOnly)
  return (
    <form
      className={styles.form}
      onSubmit={event => {
        event.preventDefault()
        if (refusal === null && !opening.isRunning) void opening.run({ path: path.trim() })
      }}
    >
      <label className={styles.field}>
        <span>Folder or project file</span>
        <input
          value={path}
          onChange={event => setPath(event.target.value)}
          aria-describedby={hint}
          aria-invalid={opening.failure ? true : undefined}
          placeholder="/srv/shop"
          spellCheck={false}
          autoComplete="off"
        />
      </label>
      <Button
        onPress={() => void opening.run({ path: path.trim() })}
        isBusy={opening.isRunning}
        refusal={refusal}
      >
        {opening.isRunning ? 'Opening the project' : 'Open the project'}
      </Button>
      <p id={hint} className="quiet">
        With a lockstep.yml or a Compose file in it, or above it.
      </p>
      {opening.failure && (
        <div className={styles.failure}>
          <FailureNotice failure={opening.failure} effect="No project was opened." />
        </div>
      )}
    </form>
  )
}

function refuse(path: string, isReadOnly: boolean): string | null {
  if (isReadOnly) return describeFailure({ kind: 'read_only', action: 'open another project' }).what
  return path.trim() === '' ? 'type the folder first' : null
}
