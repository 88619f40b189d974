import { useState } from 'react'
import { useDashboard } from '../store/dashboard-context.tsx'
import { useAction } from '../store/use-action.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { FailureNotice } from '../ui/failure-notice.tsx'

/** Asks for the folder of a project. */
export function OpenProjectDialog({ onClose }: { readonly onClose: () => void }) {
  const folder = useDashboard(state => state.session?.project?.folder ?? '')
  const [path, setPath] = useState(folder)
  const opening = useAction('project.open')
  const open = async (): Promise<void> => {
    if (await opening.run({ path: path.trim() })) onClose()
  }
  return (
    <Dialog
      title="Open a project"
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            kind="primary"
            onPress={() => void open()}
            isBusy={opening.isRunning}
            refusal={path.trim() === '' ? 'type the folder first' : null}
          >
            Open the project
          </Button>
        </>
      }
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          void open()
        }}
      >
        <label>
          Folder with lockstep.yml or a Compose file
          <br />
          <input
            data-autofocus
            size={52}
            value={path}
            onChange={event => setPath(event.target.value)}
            spellCheck={false}
            autoComplete="off"
          />
        </label>
      </form>
      {opening.failure && <FailureNotice failure={opening.failure} />}
    </Dialog>
  )
}
