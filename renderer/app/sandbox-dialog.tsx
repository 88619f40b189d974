import { SandboxStart } from '../screens/welcome/sandbox-start.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'

/** Starts the sandbox from anywhere, with its steps and what went wrong in sight. */
export function SandboxDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Open the sandbox" onClose={onClose} footer={<Button onPress={onClose}>Close</Button>}>
      <p>
        A real PostgreSQL primary with its standbys and a few tenants, on this machine only. The project that
        is open now is left as it is.
      </p>
      <SandboxStart onOpen={onClose} />
    </Dialog>
  )
}
