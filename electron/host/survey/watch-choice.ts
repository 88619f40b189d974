import { homedir } from 'node:os'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { DiscoveredProject } from '../../../shared/topology/discovered-project.ts'
import { connectDocker } from '../../adapters/docker/connect-docker.ts'
import type { ProjectChoice } from '../project/open-project.ts'
import { surveyChoice } from './survey-choice.ts'

/** Looks again whenever something happens to a container, until the signal comes; resolves when it does. */
export async function watchChoice(
  choice: ProjectChoice,
  show: (found: DiscoveredProject) => void,
  signal: AbortSignal,
): Promise<void> {
  const { docker, daemon } = await connectDocker({ environment: process.env, homeFolder: homedir() }, signal)
  if (!docker) {
    if (daemon.state === 'connected') return
    throw new LockstepError({ kind: 'docker_unavailable', state: daemon.state, tried: daemon.tried })
  }
  const looking = repeatOnDemand(async () => {
    const { found } = await surveyChoice(choice, signal)
    if (found) show(found)
  })
  const listener = { onEvent: looking.ask, onGap: looking.ask }
  try {
    const first = await surveyChoice(choice, signal)
    const project = first.found?.project
    const watching = docker.watchContainers(project === undefined ? {} : { project }, listener, signal)
    // What happened between the first look and the subscription has no event.
    looking.ask()
    await watching
  } finally {
    await looking.settled()
    await docker.close()
  }
}

/** Several events at once are one reason to look; an event during a look is a reason for another one. */
function repeatOnDemand(refresh: () => Promise<void>): {
  readonly ask: () => void
  readonly settled: () => Promise<void>
} {
  let isWanted = false
  let running: Promise<void> | null = null
  const run = async (): Promise<void> => {
    while (isWanted) {
      isWanted = false
      try {
        await refresh()
      } catch {
        // A container that goes while it is looked at has another event to come.
      }
    }
    running = null
  }
  return {
    ask: () => {
      isWanted = true
      running ??= run()
    },
    settled: async () => {
      await running
    },
  }
}
