import { type Command, type CommandGroup, commands } from '../../shared/commands/command-list.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { formatKeys } from './format-keys.ts'
import styles from './shortcut-sheet.module.css'

const groups: readonly CommandGroup[] = ['Go', 'View', 'Lists', 'Log', 'Run', 'Help']

/** Every key, by what it is for. None of them applies, approves or rolls back. */
export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
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
        Single letters can be turned off in the settings. No single key changes a database.
      </p>
      <div className={styles.groups}>
        {groups.map(group => (
          <section key={group}>
            <h3>{group}</h3>
            <dl className={styles.list}>
              {commands.filter(command => command.group === group && command.keys.length > 0).map(Row)}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}

function Row(command: Command) {
  return (
    <div key={command.id} className={styles.row}>
      <dt>{command.title}</dt>
      <dd>
        {command.keys.map(key => (
          <kbd key={key}>{formatKeys(key)}</kbd>
        ))}
      </dd>
    </div>
  )
}
