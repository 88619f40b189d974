import type { ReactNode } from 'react'
import { useTitle } from '../../hooks/use-title.ts'
import { OpenRunFileButton } from '../../open-file/open-run-file-button.tsx'
import { Link } from '../../route/link.tsx'
import { routeTo } from '../../route/route.ts'
import { useDashboard } from '../../store/dashboard-context.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { OpenFolder } from './open-folder.tsx'
import { SandboxStart } from './sandbox-start.tsx'
import styles from './welcome-screen.module.css'

/** What to do while no project is open: three steps with one's own project, or the sandbox with one press. */
export function WelcomeScreen() {
  const failure = useDashboard(state => state.session?.failure ?? null)
  useTitle('Welcome')
  return (
    <div className={styles.screen}>
      <header className={styles.header}>
        <h1 tabIndex={-1}>
          {failure
            ? 'The project could not be opened'
            : 'No project is open: start the sandbox, or open yours'}
        </h1>
        <p className="quiet">
          Lockstep moves every tenant of a PostgreSQL service to a new schema revision: all of a group or none
          of it.
        </p>
      </header>
      {failure && (
        <FailureNotice
          failure={failure}
          effect="Nothing can be planned until a project is open. Nothing was changed."
        />
      )}
      <div className={styles.columns}>
        <section className={styles.sandbox} aria-labelledby="welcome-sandbox">
          <h2 id="welcome-sandbox">Try it in the sandbox</h2>
          <p>
            A real PostgreSQL primary with its standbys and a few tenants, on this machine only. It comes with
            migrations to try, and ends with Lockstep. Nothing else is touched.
          </p>
          <SandboxStart />
        </section>
        <section className={styles.own} aria-labelledby="welcome-own">
          <h2 id="welcome-own">Use it with your project</h2>
          <ol className={styles.steps}>
            <Step number={1} title="Open a folder">
              <OpenFolder />
            </Step>
            <Step number={2} title="Look at what is found">
              <p>
                Services, servers, standbys and tenants, as declared and as observed. Looking changes nothing.
              </p>
            </Step>
            <Step number={3} title="Make a plan">
              <p>
                What would run, for whom and in which order, with every gate judged. Nothing runs before it is
                approved.
              </p>
            </Step>
          </ol>
        </section>
      </div>
      <section className={styles.file} aria-labelledby="welcome-file">
        <h2 id="welcome-file">Read a recorded run</h2>
        <p>
          Open the log of a run from elsewhere, such as a pipeline's, or drop the file anywhere on this
          window. <Link to={routeTo('runs')}>Runs that are kept here</Link>
        </p>
        <div>
          <OpenRunFileButton />
        </div>
      </section>
    </div>
  )
}

interface StepProps {
  readonly number: number
  readonly title: string
  readonly children: ReactNode
}

function Step({ number, title, children }: StepProps) {
  return (
    <li className={styles.step}>
      <span className={styles.number} aria-hidden="true">
        {number}
      </span>
      <div className={styles.body}>
        <h3>{title}</h3>
        {children}
      </div>
    </li>
  )
}
