import type { Revision } from '../../shared/plan/migration-graph.ts'
import { countOf } from '../../shared/text/plain-words.ts'
import { Link } from '../route/link.tsx'
import { routeTo } from '../route/route.ts'
import { Button } from '../ui/button.tsx'
import styles from './revision-graph.module.css'

interface RevisionDetailProps {
  readonly revision: Revision
  readonly tenants: readonly string[]
  readonly onClose: () => void
}

/** More names than this are in the table of tenants. */
const mostNames = 100

/** One revision in full, with who stands at it. */
export function RevisionDetail({ revision, tenants, onClose }: RevisionDetailProps) {
  const { id, message, file, parents, dependsOn, labels, checksum } = revision
  const rest = tenants.length - mostNames
  return (
    <section className={styles.detail} aria-label={`Revision ${id}`}>
      <header className={styles.detailHead}>
        <h3 className="mono">{id}</h3>
        <Button kind="quiet" onPress={onClose} label={`Close revision ${id}`}>
          Close
        </Button>
      </header>
      <p>{message}</p>
      <dl className={styles.facts}>
        <Fact name="File" value={file} />
        <Fact name="Builds on" value={parents.join(' + ') || 'nothing: a base'} />
        {dependsOn.length > 0 && <Fact name="Depends on" value={dependsOn.join(', ')} />}
        {labels.length > 0 && <Fact name="Labels" value={labels.join(', ')} />}
        <Fact name="Checksum" value={checksum.slice(0, 12)} />
      </dl>
      <h4 className={styles.tenantsTitle}>
        {tenants.length === 0 ? 'No tenant is at this revision' : `${countOf(tenants.length, 'tenant')} here`}
      </h4>
      <ul className={styles.tenants}>
        {tenants.slice(0, mostNames).map(tenant => (
          <li key={tenant}>
            <Link to={routeTo('topology', { query: { view: 'table', tenant } })}>{tenant}</Link>
          </li>
        ))}
      </ul>
      {rest > 0 && (
        <p>
          <Link to={routeTo('topology', { query: { view: 'table', at: id } })}>
            {`Show all ${tenants.length} tenants as a table`}
          </Link>
        </p>
      )}
    </section>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="mono">{value}</dd>
    </div>
  )
}
