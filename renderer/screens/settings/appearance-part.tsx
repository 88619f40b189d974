import { countOf } from '../../../shared/plain-words.ts'
import { Button } from '../../parts/button.tsx'
import { formatTime } from '../../parts/format-time.ts'
import { usePreferences } from '../../shell/use-preferences.ts'
import { Choice } from './choice.tsx'
import styles from './settings.module.css'
import { Toggle } from './toggle.tsx'

/** How the dashboard looks, and what it remembers about lists and panels. */
export function AppearancePart() {
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
      <section className={styles.kept} aria-labelledby="settings-kept">
        <h2 id="settings-kept">Kept from before</h2>
        <div className={styles.buttons}>
          <Button
            onPress={() => write({ hiddenColumns: [] })}
            refusal={preferences.hiddenColumns.length === 0 ? 'no column is hidden' : null}
          >
            Show {countOf(preferences.hiddenColumns.length, 'hidden column')}
          </Button>
          <Button
            onPress={() => write({ panels: {} })}
            refusal={Object.keys(preferences.panels).length === 0 ? 'no panel was resized' : null}
          >
            Reset {countOf(Object.keys(preferences.panels).length, 'panel size')}
          </Button>
          <Button
            onPress={() => write({ filters: {} })}
            refusal={Object.keys(preferences.filters).length === 0 ? 'no filter is kept' : null}
          >
            Forget {countOf(Object.keys(preferences.filters).length, 'kept filter')}
          </Button>
        </div>
      </section>
    </div>
  )
}
