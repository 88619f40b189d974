import { assertNever } from '../../../shared/text/assert-never.ts'
import { useTitle } from '../../hooks/use-title.ts'
import { type Route, routeTo } from '../../route/route.ts'
import { useDashboard } from '../../store/dashboard-context.tsx'
import { navigate } from '../../store/navigate.ts'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { AboutPart } from './about-tab.tsx'
import { AppearancePart } from './appearance-tab.tsx'
import { KeyboardPart } from './keyboard-tab.tsx'
import { PasswordsPart } from './passwords-tab.tsx'
import { ProjectPart } from './project-tab.tsx'
import styles from './settings.module.css'
import { readPart, type SettingsPart, settingsParts, wordOfPart } from './settings-tabs.ts'

/** How the dashboard looks and behaves, and what it knows about the project and itself. */
export function SettingsScreen({ route }: { readonly route: Route }) {
  const part = readPart(route.id)
  const failure = useDashboard(state => state.preferencesFailure)
  useTitle(`Settings, ${part}`)
  return (
    <div className={styles.screen}>
      <h1 tabIndex={-1}>Settings apply at once, and are kept on this machine</h1>
      {failure && (
        <FailureNotice
          failure={failure}
          effect="The last change is shown, and is not kept: it is gone after a reload."
        />
      )}
      <Tabs
        label="Parts of the settings"
        tabs={settingsParts.map(id => ({ id, label: wordOfPart(id) }))}
        current={part}
        onSelect={id => navigate(routeTo('settings', { id }))}
        panelId="settings-part"
      />
      <div
        role="tabpanel"
        id="settings-part"
        aria-labelledby={`settings-part-${part}`}
        className={styles.panel}
      >
        <PartOf part={part} />
      </div>
    </div>
  )
}

function PartOf({ part }: { readonly part: SettingsPart }) {
  switch (part) {
    case 'appearance':
      return <AppearancePart />
    case 'keyboard':
      return <KeyboardPart />
    case 'project':
      return <ProjectPart />
    case 'passwords':
      return <PasswordsPart />
    case 'about':
      return <AboutPart />
    default:
      return assertNever(part)
  }
}
