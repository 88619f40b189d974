import { ShortcutList } from '../../commands/shortcut-list.tsx'
import { usePreferences } from '../../hooks/use-preferences.ts'
import styles from './settings.module.css'
import { Toggle } from './toggle.tsx'

/** Whether single letters do something, and what every key does. */
export function KeyboardTab() {
  const [preferences, write] = usePreferences()
  return (
    <div className={styles.part}>
      <Toggle
        title="Single letters are shortcuts"
        hint="They do nothing while you type. Turned off, only keys with Ctrl or Cmd, and Escape, are left."
        isOn={preferences.letterShortcuts}
        onChange={letterShortcuts => write({ letterShortcuts })}
      />
      <section aria-labelledby="settings-keys" className={styles.keys}>
        <h2 id="settings-keys">Every key</h2>
        <p className="quiet">No single key applies, approves or rolls back anything.</p>
        <ShortcutList areLettersOn={preferences.letterShortcuts} />
      </section>
    </div>
  )
}
