import type { ProjectView } from '../../../shared/api/session-view.ts'
import { useDashboard, useDashboardStore } from '../../store/dashboard-context.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyNotice } from '../../ui/empty-notice.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { listAskedFor, sayProtection } from './confirmation-words.ts'
import { Facts } from './facts.tsx'
import styles from './settings.module.css'

/** Which project is open, how it is protected, and what each action therefore asks for. */
export function ProjectTab() {
  const store = useDashboardStore()
  const project = useDashboard(state => state.session?.project ?? null)
  const failure = useDashboard(state => state.session?.failure ?? null)
  const openProject = (
    <Button onPress={() => store.setState({ overlay: 'open_project' })}>
      {project === null ? 'Open a project' : 'Open another project'}
    </Button>
  )
  if (project === null)
    return (
      <div className={styles.part}>
        {failure && <FailureNotice failure={failure} effect="No project is open." />}
        <EmptyNotice title="No project is open" action={openProject} />
      </div>
    )
  return (
    <div className={styles.part}>
      <Facts
        facts={[
          ['Project', project.name],
          ['Project file', <code key="file">{project.file}</code>],
          ['Folder', <code key="folder">{project.folder}</code>],
          ['Environment', <strong key="environment">{project.environment.name}</strong>],
          ['Protection', sayProtection(project.environment)],
          ...(project.isDemo ? [['Sandbox', 'it ends with Lockstep, and its runs with it'] as const] : []),
        ]}
      />
      <div>{openProject}</div>
      <Friction project={project} />
      <p className="quiet">
        Servers, tenants, groups and thresholds are written in the project file; the dashboard reads it again
        whenever it changes.
      </p>
    </div>
  )
}

function Friction({ project: { environment } }: { readonly project: ProjectView }) {
  return (
    <section aria-labelledby="settings-confirmation" className={styles.keys}>
      <h2 id="settings-confirmation">What each action asks for in {environment.name}</h2>
      <p className="quiet">The engine demands it, whatever a screen shows.</p>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Action</th>
            <th scope="col">Level</th>
            <th scope="col">Asks for</th>
          </tr>
        </thead>
        <tbody>
          {listAskedFor(environment).map(({ action, title, level, asks }) => (
            <tr key={action}>
              <th scope="row">{title}</th>
              <td>{level}</td>
              <td>{asks}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
