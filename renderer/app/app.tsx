import { useContext, useEffect } from 'react'
import { bindKeys } from '../commands/bind-keys.ts'
import { CommandContext } from '../commands/use-command.tsx'
import { useDashboard, useDashboardStore } from '../store/dashboard-context.tsx'
import { followAddress } from '../store/navigate.ts'
import styles from './app.module.css'
import { useCommands } from './app-commands.ts'
import { ConnectionNotice } from './connection-notice.tsx'
import { EnvironmentBand } from './environment-band.tsx'
import { LiveRegion } from './live-region.tsx'
import { OpenProjectDialog } from './open-project-dialog.tsx'
import { Palette } from './palette.tsx'
import { SandboxDialog } from './sandbox-dialog.tsx'
import { Screen } from './screen.tsx'
import { ShortcutSheet } from './shortcut-sheet.tsx'
import { SideBar } from './side-bar.tsx'
import { TopBar } from './top-bar.tsx'
import { useDroppedFiles } from './use-dropped-files.ts'
import { useTheme } from './use-theme.ts'

/** The whole window: band, bars, the screen of the address, and what lies over it. */
export function App() {
  const store = useDashboardStore()
  const center = useContext(CommandContext)
  const overlay = useDashboard(state => state.overlay)
  useEffect(() => followAddress(store), [store])
  useEffect(
    () => bindKeys(window, center, () => store.getState().preferences.letterShortcuts),
    [center, store],
  )
  useTheme()
  useCommands()
  useDroppedFiles()
  const close = (): void => store.setState({ overlay: 'none' })
  return (
    <div className={styles.app}>
      {/* biome-ignore lint/a11y/useValidAnchor: it is a place of this page; the address itself belongs to the view. */}
      <a className={styles.skip} href="#main" onClick={skipToMain}>
        Skip to the content
      </a>
      <header>
        <EnvironmentBand />
        <TopBar />
      </header>
      <div className={styles.columns}>
        <SideBar />
        <main className={styles.main} id="main" tabIndex={-1}>
          <ConnectionNotice />
          <Screen />
        </main>
      </div>
      {overlay === 'palette' && <Palette onClose={close} />}
      {overlay === 'shortcuts' && <ShortcutSheet onClose={close} />}
      {overlay === 'open_project' && <OpenProjectDialog onClose={close} />}
      {overlay === 'sandbox' && <SandboxDialog onClose={close} />}
      <LiveRegion />
    </div>
  )
}

/** The address is the view's: a skip link must not change it. */
function skipToMain(event: { preventDefault(): void }): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}
