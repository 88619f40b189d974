import { ShortcutList } from '../commands/shortcut-list.tsx'
import { useDashboard } from '../store/dashboard-context.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'

/** Every key over whatever is shown. */
export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  const areLettersOn = useDashboard(state => state.preferences.letterShortcuts)
  return (
    <Dialog
      title="Keyboard shortcuts"
      onClose={onClose}
      footer={
        <Button onPress={onClose} hasFocusFirst>
          Close
        </Button>
      }
    >
      <p className="quiet">
        {areLettersOn ? 'Single letters can be turned off' : 'Single letters are turned off'} in the settings.
        No single key changes a database.
      </p>
      <ShortcutList areLettersOn={areLettersOn} />
    </Dialog>
  )
}
