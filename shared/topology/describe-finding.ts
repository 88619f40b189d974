import { describeFailure } from '../failure/describe-failure.ts'
import { assertNever } from '../text/assert-never.ts'
import { countOf, listNames, toOneLine } from '../text/plain-words.ts'
import type { FindingFact, TopologyFinding } from './discovered-project.ts'

/** A finding as people read it: what is so, and what to do; `fix` is empty where nothing is to be done. */
export interface FindingWords {
  readonly what: string
  readonly fix: string
}

/** Puts a finding into words; the only place where that happens. */
export function describeTopologyFinding({ subject, what }: TopologyFinding): FindingWords {
  const words = describeFact(toOneLine(subject), what)
  return { what: toOneLine(words.what), fix: toOneLine(words.fix) }
}

function describeFact(subject: string, fact: FindingFact): FindingWords {
  switch (fact.kind) {
    case 'declared_not_observed':
    case 'project_name_shared':
    case 'compose_warning':
    case 'several_migrations':
      return describeProject(subject, fact)
    case 'pooler':
    case 'not_running':
    case 'unhealthy':
    case 'restarted':
    case 'not_declared':
    case 'image_differs':
      return describeService(subject, fact)
    case 'role_differs':
    case 'other_cluster':
    case 'several_primaries':
    case 'no_primary':
    case 'unreachable':
      return describeIdentity(subject, fact)
    case 'timeline_differs':
    case 'not_streaming':
    case 'replay_paused':
    case 'cascade':
    case 'unknown_receiver':
    case 'subscriber':
      return describeReplication(subject, fact)
    default:
      return assertNever(fact)
  }
}

type FactOf<Kind extends FindingFact['kind']> = Extract<FindingFact, { kind: Kind }>

function describeProject(
  project: string,
  fact: FactOf<'declared_not_observed' | 'project_name_shared' | 'compose_warning' | 'several_migrations'>,
): FindingWords {
  switch (fact.kind) {
    case 'declared_not_observed':
      return {
        what: `Project ${project} is declared, not observed: ${describeDaemon(fact.state)}.`,
        fix: 'lockstep doctor',
      }
    case 'project_name_shared':
      return {
        what: `Several projects are called ${project}: their containers come from ${listNames(fact.folders)}.`,
        fix: 'Give each a name of its own: `name:` in the Compose file, or --compose-project.',
      }
    case 'compose_warning':
      return { what: `${fact.at}: ${fact.problem}`, fix: '' }
    case 'several_migrations':
      return {
        what: `Migrations were found in ${countOf(fact.places.length, 'place')}: ${listNames(fact.places)}.`,
        fix: 'Say which one counts under `migrations` in lockstep.yml.',
      }
    default:
      return assertNever(fact)
  }
}

function describeDaemon(state: FactOf<'declared_not_observed'>['state']): string {
  switch (state) {
    case 'absent':
      return 'no Docker daemon answers'
    case 'denied':
      return 'the Docker daemon does not let this user in'
    case 'silent':
      return 'the Docker daemon does not answer in time'
    case 'connected':
      return 'the Docker daemon was not asked'
    default:
      return assertNever(state)
  }
}

function describeService(
  service: string,
  fact: FactOf<'pooler' | 'not_running' | 'unhealthy' | 'restarted' | 'not_declared' | 'image_differs'>,
): FindingWords {
  switch (fact.kind) {
    case 'pooler':
      return {
        what: `Service ${service} is a connection pooler (${fact.image}): no migration goes through it.`,
        fix: '',
      }
    case 'not_running':
      return {
        what:
          fact.state === 'missing'
            ? `Service ${service} has no container.`
            : `Service ${service} is not running: its container is ${fact.state}.`,
        // `up` refuses to start what is paused.
        fix: `docker compose ${fact.state === 'paused' ? 'unpause' : 'up -d'} ${service}`,
      }
    case 'unhealthy':
      return {
        what: `Service ${service} is ${fact.health} by its own health check.`,
        fix: `docker compose logs ${service}`,
      }
    case 'restarted':
      return {
        what: `The container of service ${service} was restarted ${countOf(fact.restarts, 'time')}.`,
        fix: `docker compose logs ${service}`,
      }
    case 'not_declared':
      return {
        what: `Service ${service} has a container, and no Compose file declares it.`,
        fix: 'Name the file that declares it with --compose-file, or remove the container.',
      }
    case 'image_differs':
      return {
        what: `Service ${service} runs ${fact.observed}; declared is ${fact.declared}.`,
        fix: `docker compose up -d ${service}`,
      }
    default:
      return assertNever(fact)
  }
}

function describeIdentity(
  server: string,
  fact: FactOf<'role_differs' | 'other_cluster' | 'several_primaries' | 'no_primary' | 'unreachable'>,
): FindingWords {
  switch (fact.kind) {
    case 'role_differs':
      return {
        what: `Server ${server} is a ${fact.observed}, and declared a ${fact.declared} (${fact.why}).`,
        fix: 'Correct the declaration, or bring the server back to its role.',
      }
    case 'other_cluster':
      return {
        what: `Server ${server} does not belong to the cluster of ${fact.expected}: its system identifier is ${fact.systemIdentifier}.`,
        fix: `Recreate it from ${fact.expected} with pg_basebackup.`,
      }
    case 'several_primaries':
      return {
        what: `Cluster ${fact.cluster} has ${fact.servers.length} primaries: ${listNames(fact.servers)}.`,
        fix: 'Stop the ones that should not write, and recreate them as standbys with pg_rewind or pg_basebackup.',
      }
    case 'no_primary':
      return {
        what: `Cluster ${fact.cluster} has no primary that answers; ${server} is a standby of it.`,
        fix: 'Start the primary.',
      }
    case 'unreachable': {
      const { what, why, fix } = describeFailure(fact.failure)
      // The reader of this is looking at the topology.
      return { what: `${what} ${why}`, fix: fix === 'lockstep topology' ? '' : fix }
    }
    default:
      return assertNever(fact)
  }
}

function describeReplication(
  server: string,
  fact: FactOf<
    'timeline_differs' | 'not_streaming' | 'replay_paused' | 'cascade' | 'unknown_receiver' | 'subscriber'
  >,
): FindingWords {
  switch (fact.kind) {
    case 'timeline_differs':
      return {
        what: `Standby ${server} is on timeline ${fact.server}, its primary on ${fact.primary}.`,
        fix: 'Recreate it with pg_rewind or pg_basebackup, or see why it cannot follow in its log.',
      }
    case 'not_streaming':
      return {
        what:
          fact.receiver === null
            ? `Standby ${server} receives nothing: it has no WAL receiver.`
            : `Standby ${server} does not stream: its WAL receiver is ${fact.receiver}.`,
        fix: 'See its log, and primary_conninfo on it.',
      }
    case 'replay_paused':
      return {
        what: `Standby ${server} does not replay: ${fact.state === 'paused' ? 'it is paused' : 'a pause is requested'}.`,
        fix: 'select pg_wal_replay_resume(); on it.',
      }
    case 'cascade':
      return { what: `Standby ${server} takes its WAL from standby ${fact.from}.`, fix: '' }
    case 'unknown_receiver':
      return {
        what: `A receiver that is none of the known servers takes WAL from server ${server}: ${describeReceiver(fact)}.`,
        fix: 'Add it to the servers in lockstep.yml when it is a standby.',
      }
    case 'subscriber':
      return {
        what: `Server ${server} is a subscriber of ${fact.from} (${listNames(fact.subscriptions)}): changes of the schema do not reach it.`,
        fix: '',
      }
    default:
      return assertNever(fact)
  }
}

function describeReceiver({ applicationName, clientAddress }: FactOf<'unknown_receiver'>): string {
  const name = applicationName === '' ? 'without a name' : applicationName
  return `${name}, ${clientAddress === null ? 'by a Unix socket' : `from ${clientAddress}`}`
}
