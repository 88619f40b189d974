import type { ProtocolView } from '../../../../shared/api/protocol-view.ts'
import { Prose } from '../../../runbook/prose.tsx'
import styles from '../../../runbook/runbook.module.css'
import { nameRunbook, useRunbook } from '../../../runbook/use-runbook.ts'
import { EmptyNotice } from '../../../ui/empty-notice.tsx'
import { Panel } from '../../../ui/panel.tsx'

/** What people agreed to do in each phase, before the plan is run. */
export function RunbookTab() {
  const runbook = useRunbook()
  return (
    <Panel
      title="Runbook"
      loadable={runbook}
      waitingFor="the runbook"
      rows={8}
      effect="The plan is not changed by this; it cannot be run until the runbook can be read."
      whenEmpty={view => (view.phases.every(one => one.prose === '') ? <NoProse view={view} /> : null)}
    >
      {view => (
        <div className={styles.phases}>
          <p className="quiet">
            {`From ${nameRunbook(view)}. People read this; Lockstep executes only its blocks of settings, which are part of the plan.`}
          </p>
          {view.phases
            .filter(one => one.prose !== '')
            .map(({ phase, heading, prose }) => (
              <section key={phase} className={styles.phase} aria-label={heading}>
                <h3>{heading}</h3>
                <Prose markdown={prose} />
              </section>
            ))}
        </div>
      )}
    </Panel>
  )
}

function NoProse({ view }: { readonly view: ProtocolView }) {
  return (
    <EmptyNotice title={`${nameRunbook(view)} says nothing to people.`}>
      <p>What is written under a heading that names a phase, such as “Approval”, is shown here.</p>
    </EmptyNotice>
  )
}
