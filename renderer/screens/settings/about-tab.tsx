import { useDashboard } from '../../store/dashboard-context.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Facts } from './facts.tsx'
import styles from './settings.module.css'

/** Which version this is, as whom it acts, and where it keeps files. */
export function AboutTab() {
  const session = useDashboard(state => state.session)
  const isDesktop = window.lockstep !== undefined
  if (session === null) return <p>Waiting for the engine.</p>
  const { toolVersion, user, readOnly, project } = session
  return (
    <div className={styles.part}>
      <Facts
        facts={[
          ['Lockstep', `version ${toolVersion}`],
          ['Shown in', isDesktop ? 'its own window' : 'a browser on this machine'],
          ['You are', `${user}, unauthenticated in local mode`],
          ['May', readOnly ? 'only read: it was started with --read-only' : 'read and change'],
        ]}
      />
      <p className="quiet">
        The name is that of the account of this machine. It is written beside every decision, and has not been
        verified.
      </p>
      <section aria-labelledby="settings-files" className={styles.keys}>
        <h2 id="settings-files">Where files are kept</h2>
        <Facts
          facts={[
            [
              'Runs and plans',
              project === null ? (
                'in the folder .lockstep of a project, when one is open'
              ) : (
                <code key="runs">{project.folder}/.lockstep</code>
              ),
            ],
            ['Settings', 'preferences.json in the state folder of this account'],
            ['Runs from files', 'imported in the same folder'],
          ]}
        />
        <p className="quiet">
          Where LOCKSTEP_STATE_DIR is set, it is the place of all of them. Passwords are in none of these
          files.
        </p>
      </section>
      <div>
        <CopyButton
          text={`Lockstep ${toolVersion}, ${isDesktop ? 'desktop' : 'browser'}, ${navigator.userAgent}`}
          label="Copy the versions"
        />
      </div>
    </div>
  )
}
