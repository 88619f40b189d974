import { describeBeyond } from '../../shared/analysis/describe-beyond.ts'
import { describeBlocking, nameLock } from '../../shared/analysis/describe-lock.ts'
import type {
  BeyondCopy,
  RehearsedVote,
  Reversibility,
  RouteRehearsal,
  TracedStatement,
} from '../../shared/analysis/rehearsal.ts'
import { lockModes, type TracedLock } from '../../shared/analysis/rehearsal.ts'
import { countOf, formatDuration } from '../../shared/text/plain-words.ts'
import { SqlView } from '../sql/sql-view.tsx'
import type { Status } from '../status/status.ts'
import { LongList } from '../ui/long-list.tsx'
import { NameList } from '../ui/name-list.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import styles from './analysis.module.css'

/** One route as it ran on the copy: every statement with its locks, what it rewrote, and whether it can be undone. */
export function RehearsedRoute({ route }: { readonly route: RouteRehearsal }) {
  const { representative, tenants, statements, endFingerprint, problem } = route
  return (
    <section className={styles.route} aria-label={`Rehearsal of ${route.route} on ${representative}`}>
      <h3>{`${route.route}: ${countOf(tenants.length, 'tenant')}`}</h3>
      <p className="quiet">
        {`${countOf(statements.length, 'statement')} in ${formatDuration(route.durationMs)} on a copy of ${representative}; a copy is not production, so trust locks and rewrites more than durations.`}
      </p>
      <p className="quiet">
        {'It speaks for '}
        <NameList names={tenants} what="tenants" atFirst={8} />
      </p>
      {(route.passedOver ?? []).map(({ tenant, reason }) => (
        <p className={styles.line} key={tenant}>
          <StatusMark status="warned" word="passed over" />
          <span>{`${tenant} cannot be rehearsed itself: ${reason}`}</span>
        </p>
      ))}
      {route.notRehearsed !== undefined && (
        <p className={styles.line}>
          <StatusMark status="warned" word="was not run" />
          <span>{route.notRehearsed}</span>
        </p>
      )}
      {route.notRehearsed !== undefined ? null : problem === null ? (
        <p className={styles.line}>
          <StatusMark status="passed" word="ran on the copy" />
          {endFingerprint !== null && (
            <span>
              The real run has to end in <code title={endFingerprint}>{endFingerprint.slice(0, 12)}</code>.
            </span>
          )}
        </p>
      ) : (
        <p className={styles.line}>
          <StatusMark status="failed" word="failed on the copy" />
          <span>{problem}</span>
        </p>
      )}
      {route.vote && <Vote vote={route.vote} />}
      {route.beyond && <Beyond beyond={route.beyond} />}
      <ReversibilityView route={route} />
      <LongList items={statements} noun="statement" atFirst={6} className={styles.findings} isOrdered>
        {statement => <Traced statement={statement} />}
      </LongList>
    </section>
  )
}

const votes: Readonly<
  Record<RehearsedVote['verdict'], { readonly status: Status; readonly word: string; readonly text: string }>
> = {
  prepared: { status: 'passed', word: 'was prepared', text: 'for the vote, and rolled back' },
  refused: { status: 'failed', word: 'cannot vote', text: 'it cannot be prepared' },
  unknown: { status: 'warned', word: 'vote unknown', text: 'whether it can be prepared is not known' },
}

function Vote({ vote: { verdict, evidence } }: { readonly vote: RehearsedVote }) {
  const { status, word, text } = votes[verdict]
  return (
    <div>
      <p className={styles.line}>
        <StatusMark status={status} word={word} />
        <span>{text}</span>
      </p>
      <LongList items={evidence} noun="fact" atFirst={6} className={styles.locks}>
        {fact => fact}
      </LongList>
    </div>
  )
}

const marks = {
  same: { status: 'passed', word: 'as before' },
  partly_compared: { status: 'passed', word: 'partly compared' },
  not_compared: { status: 'warned', word: 'not compared' },
  changed: { status: 'failed', word: 'changed' },
} as const

/** What the databases of the server share, held against before the rehearsal. */
function Beyond({ beyond }: { readonly beyond: BeyondCopy }) {
  const { verdict, words } = describeBeyond(beyond)
  return (
    <div>
      <p className={styles.line}>
        <StatusMark status={marks[verdict].status} word={marks[verdict].word} />
        <span>{`roles, databases and settings of the server: ${words}`}</span>
      </p>
      <LongList items={beyond.changes ?? []} noun="change" atFirst={6} className={styles.locks}>
        {change => change}
      </LongList>
    </div>
  )
}

const reversibilities: Readonly<Record<Reversibility, { readonly status: Status; readonly word: string }>> = {
  lossless: { status: 'passed', word: 'going down loses nothing' },
  lossy: { status: 'warned', word: 'going down loses data' },
  impossible: { status: 'failed', word: 'cannot go down' },
  not_tried: { status: 'pending', word: 'going down was not tried' },
}

/** Whether the route can be undone, with what was compared. */
export function ReversibilityView({ route }: { readonly route: RouteRehearsal }) {
  const { verdict, evidence } = route.reversibility
  const { status, word } = reversibilities[verdict]
  return (
    <div>
      <p>
        <StatusMark status={status} word={word} />
      </p>
      <LongList items={evidence} noun="fact" atFirst={6} className={styles.locks}>
        {fact => fact}
      </LongList>
    </div>
  )
}

function Traced({ statement }: { readonly statement: TracedStatement }) {
  const { revision, index, sql, durationMs, rowCount, rewrites, scans, invalid, transactional } = statement
  const locks = statement.locks.toSorted((a, b) => lockModes.indexOf(b.mode) - lockModes.indexOf(a.mode))
  const facts = [
    `${formatDuration(durationMs)}`,
    ...(rowCount === null ? [] : [countOf(rowCount, 'row')]),
    ...(transactional ? [] : ['outside a transaction']),
  ]
  const label = `Statement ${index + 1} of ${revision}`
  return (
    <article className={styles.traced} aria-label={label}>
      <p className={styles.facts}>
        <span>{label}</span>
        <span>{facts.join(', ')}</span>
        {rewrites.length > 0 && (
          <span>
            <StatusMark status="warned" word="rewrites:" />{' '}
            <NameList names={rewrites} what="rewrites" atFirst={4} />
          </span>
        )}
        {invalid.length > 0 && (
          <span>
            <StatusMark status="warned" word="left to be validated:" />{' '}
            <NameList names={invalid} what="objects to validate" atFirst={4} />
          </span>
        )}
        {scans.length > 0 && (
          <span>
            {'reads '}
            <NameList
              names={scans.map(({ relation, rows }) => `all ${countOf(rows, 'row')} of ${relation}`)}
              what="tables read"
              atFirst={3}
            />
          </span>
        )}
      </p>
      <SqlView sql={sql.trim()} label={label} />
      {locks.length === 0 ? (
        <p className="quiet">It locks nothing that was there before.</p>
      ) : (
        <LongList
          items={locks}
          noun="lock"
          atFirst={8}
          label={`Locks of statement ${index + 1} of ${revision}`}
          className={styles.locks}
        >
          {lock => <Lock lock={lock} />}
        </LongList>
      )}
    </article>
  )
}

function Lock({ lock }: { readonly lock: TracedLock }) {
  const blocks = describeBlocking(lock.mode)
  const whom = blocks.includes('readers') ? 'all' : blocks === 'blocks writers' ? 'writers' : 'none'
  return (
    <>
      <span className={styles.mode} data-blocks={whom}>
        {nameLock(lock.mode)}
      </span>
      <code>{lock.relation}</code>
      <span className="quiet">{lock.isNew ? blocks : `${blocks}; held already`}</span>
    </>
  )
}
