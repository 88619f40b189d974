import type { RollbackProposal } from '../../../../shared/run/rollback.ts'
import { countOf, listNames } from '../../../../shared/text/plain-words.ts'
import { NameList } from '../../../ui/name-list.tsx'
import styles from './roll-back-panel.module.css'

interface DisconnectChoiceProps {
  readonly tenants: readonly string[]
  readonly isChosen: boolean
  readonly onChoose: (isChosen: boolean) => void
}

/** Whether sessions of others may be ended where a copy takes the place of a database, with what that does to them. */
export function DisconnectChoice({ tenants, isChosen, onChoose }: DisconnectChoiceProps) {
  return (
    <div className={styles.choice}>
      <label className={styles.check}>
        <input type="checkbox" checked={isChosen} onChange={event => onChoose(event.target.checked)} />
        <span>{`End others' sessions in ${nameReplaced(tenants)}`}</span>
      </label>
      <p className="quiet">
        All other sessions there are ended, and what they have not committed is rolled back; without this, the
        rollback stops and changes nothing while another session is connected.
      </p>
      {tenants.length > namedAtOnce && (
        <p className="quiet">
          <NameList names={tenants} what="tenants whose database is replaced" atFirst={namedAtOnce} />
        </p>
      )}
    </div>
  )
}

const namedAtOnce = 3

/** The tenants whose sessions are spoken of: by name while they are few. */
export function nameReplaced(tenants: readonly string[]): string {
  return tenants.length > namedAtOnce ? countOf(tenants.length, 'tenant') : listNames(tenants)
}

/** Tenants of which the database itself is replaced: no session may be connected to it then. */
export function listReplaced({ tenants }: RollbackProposal): readonly string[] {
  return tenants.filter(one => one.way === 'snapshot').map(one => one.tenant)
}
