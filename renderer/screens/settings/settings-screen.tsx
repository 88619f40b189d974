import { assertNever } from '../../../shared/text/assert-never.ts'
import { useTitle } from '../../hooks/use-title.ts'
import { routeTo, type ScreenRoute } from '../../route/route.ts'
import { useDashboard } from '../../store/dashboard-context.tsx'
import { navigate } from '../../store/navigate.ts'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { AboutTab } from './about-tab.tsx'
import { AppearanceTab } from './appearance-tab.tsx'
import { KeyboardTab } from './keyboard-tab.tsx'
import { PasswordsTab } from './passwords-tab.tsx'
import { ProjectTab } from './project-tab.tsx'
import styles from './settings.module.css'
import { readSettingsTab, type SettingsTab, settingsTabs, wordOfSettingsTab } from './settings-tabs.ts'

/** How the dashboard looks and behaves, and what it knows about the project and itself. */
export function SettingsScreen({ route }: { readonly route: ScreenRoute }) {
  const part = readSettingsTab(route.id)
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
        tabs={settingsTabs.map(id => ({ id, label: wordOfSettingsTab(id) }))}
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

function PartOf({ part }: { readonly part: SettingsTab }) {
  switch (part) {
    case 'appearance':
      return <AppearanceTab />
    case 'keyboard':
      return <KeyboardTab />
    case 'project':
      return <ProjectTab />
    case 'passwords':
      return <PasswordsTab />
    case 'about':
      return <AboutTab />
    default:
      return assertNever(part)
  }
}
