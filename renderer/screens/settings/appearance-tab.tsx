import { countOf } from '../../../shared/text/plain-words.ts'
import { usePreferences } from '../../hooks/use-preferences.ts'
import { Button } from '../../ui/button.tsx'
import { formatTime } from '../../ui/format-time.ts'
import { Choice } from './choice.tsx'
import styles from './settings.module.css'
import { Toggle } from './toggle.tsx'

/** How the dashboard looks, and what it remembers about lists and panels. */
export function AppearanceTab() {
  const [preferences, write] = usePreferences()
  const now = new Date().toISOString()
  return (
    <div className={styles.part}>
      <Choice
        title="Theme"
        value={preferences.theme}
        onChoose={theme => write({ theme })}
        options={[
          { value: 'system', title: 'As the system', hint: 'light or dark' },
          { value: 'light', title: 'Light' },
          { value: 'dark', title: 'Dark' },
          { value: 'contrast', title: 'High contrast' },
        ]}
      />
      <Choice
        title="Density"
        value={preferences.density}
        onChoose={density => write({ density })}
        options={[
          { value: 'comfortable', title: 'Comfortable', hint: 'rows of 32 px' },
          { value: 'compact', title: 'Compact', hint: 'rows of 28 px' },
        ]}
      />
      <Choice
        title="Times"
        value={preferences.time}
        onChoose={time => write({ time })}
        options={[
          { value: 'local', title: 'Local', hint: formatTime(now, 'local', true) },
          { value: 'utc', title: 'UTC', hint: formatTime(now, 'utc', true) },
          { value: 'relative', title: 'Relative', hint: '42 s ago' },
        ]}
      />
      <Toggle
        title="Wrap long lines of logs"
        hint="Otherwise a log scrolls sideways, and every row has the same height."
        isOn={preferences.wrapLogs}
        onChange={wrapLogs => write({ wrapLogs })}
      />
      <KeptPart />
    </div>
  )
}

/** What was changed by using the dashboard, and how it is undone. */
function KeptPart() {
  const [{ hiddenColumns, panels, filters }, write] = usePreferences()
  const resized = Object.keys(panels).length
  const kept = Object.values(filters).filter(filter => filter !== '').length
  return (
    <section className={styles.kept} aria-labelledby="settings-kept">
      <h2 id="settings-kept">Kept from before</h2>
      {hiddenColumns.length + resized + kept === 0 && (
        <p className="quiet">Every column is shown, no panel was resized, and no filter is kept.</p>
      )}
      <div className={styles.buttons}>
        {hiddenColumns.length > 0 && (
          <Button onPress={() => write({ hiddenColumns: [] })}>
            Show {countOf(hiddenColumns.length, 'hidden column')}
          </Button>
        )}
        {resized > 0 && (
          <Button onPress={() => write({ panels: {} })}>Reset {countOf(resized, 'panel size')}</Button>
        )}
        {kept > 0 && (
          <Button onPress={() => write({ filters: {} })}>Forget {countOf(kept, 'kept filter')}</Button>
        )}
      </div>
    </section>
  )
}
