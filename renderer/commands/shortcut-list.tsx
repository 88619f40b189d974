import { type Command, type CommandGroup, commands } from '../../shared/commands/command-list.ts'
import { formatKeys } from './format-keys.ts'
import styles from './shortcut-list.module.css'

const groups: readonly CommandGroup[] = ['Go', 'View', 'Lists', 'Log', 'Run', 'Help']

interface ShortcutListProps {
  /** Letters that are turned off are shown as such. */
  readonly areLettersOn: boolean
}

/** Every key, by what it is for. None of them applies, approves or rolls back. */
export function ShortcutList({ areLettersOn }: ShortcutListProps) {
  return (
    <div className={styles.groups}>
      {groups.map(group => (
        <section key={group} aria-label={`${group} keys`}>
          <h3>{group}</h3>
          <dl className={styles.list}>
            {commands
              .filter(command => command.group === group && command.keys.length > 0)
              .map(command => (
                <Row key={command.id} command={command} areLettersOn={areLettersOn} />
              ))}
          </dl>
        </section>
      ))}
    </div>
  )
}

function Row({ command, areLettersOn }: ShortcutListProps & { readonly command: Command }) {
  return (
    <div className={styles.row}>
      <dt>{command.title}</dt>
      <dd>
        {command.keys.map(key =>
          areLettersOn || isAlwaysOn(key) ? (
            <kbd key={key}>{formatKeys(key)}</kbd>
          ) : (
            <span key={key} className="quiet">
              off
            </span>
          ),
        )}
      </dd>
    </div>
  )
}

/** Keys that stay when single letters are turned off. */
function isAlwaysOn(key: string): boolean {
  return key.includes('$mod') || key === 'Escape' || key === 'Enter'
}
