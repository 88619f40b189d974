import type { TenantPosition } from '../../../../shared/api/topology-view.ts'
import { countOf } from '../../../../shared/text/plain-words.ts'
import { Link } from '../../../route/link.tsx'
import { routeTo } from '../../../route/route.ts'
import { describeHeads, progressOf, wordOfProgress } from '../model/tenant-groups.ts'
import { FactList } from './fact-list.tsx'
import styles from './side-panel.module.css'

/** One tenant and where it stands. */
export function TenantFacts({ tenant }: { readonly tenant: TenantPosition }) {
  const { database, cluster, group, behind, fingerprint } = tenant
  return (
    <>
      <FactList
        rows={[
          ['State', wordOfProgress(progressOf(tenant))],
          ['Revision', <code key="heads">{describeHeads(tenant)}</code>],
          [
            'To the target',
            behind === null ? null : behind === 0 ? 'nothing to do' : countOf(behind, 'step'),
          ],
          ['Database', <code key="database">{database}</code>],
          ['Cluster', cluster],
          ['Group', group],
          ['Fingerprint', fingerprint && <code key="fingerprint">{fingerprint.slice(0, 12)}</code>],
        ]}
      />
      <p className={styles.action}>
        <Link to={routeTo('topology', { query: { view: 'table', part: 'tenants', group } })}>
          {`Show group ${group} as a table`}
        </Link>
      </p>
    </>
  )
}
