import { describeWay } from '../server/server-way.ts'
import { assertNever } from '../text/assert-never.ts'
import { listNames } from '../text/plain-words.ts'
import type { DockerFailure } from './failure.ts'
import type { FailureWords } from './failure-words.ts'

/** Puts into words what Compose files, the Docker daemon and its containers refused. */
export function describeDockerFailure(failure: DockerFailure): FailureWords {
  switch (failure.kind) {
    case 'compose_missing':
      return {
        what: 'There is no lockstep.yml and no Compose file.',
        where: failure.folder,
        why: `Looked for ${listNames(failure.looked, 10)}.`,
        fix: 'Go to the folder of the project, or name the file: lockstep topology --compose-file FILE',
      }
    case 'compose_invalid':
      return {
        what: 'The Compose file is wrong.',
        where: `${failure.file}:${failure.line}:${failure.column}`,
        why: failure.problem,
        fix: failure.fix,
      }
    case 'docker_unavailable':
      return describeDaemon(failure)
    case 'docker_failed':
      return {
        what: `The Docker daemon did not do it: ${failure.call}.`,
        where: failure.endpoint,
        why: failure.status === null ? failure.message : `${failure.message} (HTTP ${failure.status})`,
        fix: 'docker ps',
      }
    case 'service_unknown':
      return {
        what: `There is no service ${failure.service}.`,
        where: '',
        why:
          failure.known.length === 0
            ? 'The Compose project has no services.'
            : `Known: ${listNames(failure.known, 10)}.`,
        fix: 'Correct `service` in lockstep.yml, then: lockstep topology',
      }
    case 'container_not_running':
      return {
        what: `Service ${failure.service} is not running.`,
        where: `service ${failure.service}`,
        why: failure.state === 'missing' ? 'It has no container.' : `Its container is ${failure.state}.`,
        fix: `docker compose ${failure.state === 'paused' ? 'unpause' : 'up -d'} ${failure.service}`,
      }
    case 'no_way_to_server':
      return {
        what: `Server ${failure.server} cannot be reached.`,
        where: `server ${failure.server}`,
        why: failure.tried.map(({ way, outcome }) => `${describeWay(way)}: ${outcome}`).join('; '),
        fix: 'lockstep topology',
      }
    default:
      return assertNever(failure)
  }
}

function describeDaemon(failure: Extract<DockerFailure, { kind: 'docker_unavailable' }>): FailureWords {
  const where = failure.tried.map(({ endpoint, from }) => `${endpoint} (${from})`).join(', ')
  const why = failure.tried.map(({ endpoint, outcome }) => `${endpoint}: ${outcome}`).join('; ')
  switch (failure.state) {
    case 'absent':
      return { what: 'No Docker daemon answers.', where, why, fix: 'Start Docker, or set DOCKER_HOST.' }
    case 'denied':
      return {
        what: 'The Docker daemon does not let this user in.',
        where,
        why,
        fix: 'Join the group of the socket (often `docker`), or set DOCKER_HOST to a rootless daemon.',
      }
    case 'silent':
      return {
        what: 'The Docker daemon does not answer.',
        where,
        why,
        fix: 'docker version; restart Docker when that hangs too.',
      }
    default:
      return assertNever(failure.state)
  }
}
