import { type Failure, LockstepError } from '../../../shared/failure/failure.ts'
import type { DiscoveredProject } from '../../../shared/topology/discovered-project.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import { discoverTopology } from '../../engine/topology/discover-topology.ts'
import { surveyProject } from '../discovery/survey-project.ts'
import { type ComposeChoice, composeOfConfig, openComposeProject } from '../docker/open-compose-project.ts'
import { needsComposeEnvironment } from '../docker/reach-servers.ts'
import { findComposeOnly, loadChosen, type ProjectChoice } from '../project/open-project.ts'
import type { RememberedPasswords } from '../settings/remembered-passwords.ts'
import { withServers } from '../wiring/with-engine.ts'

/** What is known of the chosen project. */
export interface SurveyedChoice {
  /** Null where the project file says what cannot be found; `failure` says why. */
  readonly topology: Topology | null
  /** Null where the project has no Compose files. */
  readonly found: DiscoveredProject | null
  readonly failure: Failure | null
}

/** Looks at the chosen project: as its file says where it has one, as it is found to be where it has none. */
export async function surveyChoice(
  choice: ProjectChoice,
  signal: AbortSignal,
  remembered: RememberedPasswords = new Map(),
): Promise<SurveyedChoice> {
  const files = findComposeOnly(choice)
  if (files !== null) {
    const found = await survey(choice.compose, files.projectDirectory, signal)
    return { topology: found, found, failure: null }
  }
  const project = { ...loadChosen(choice), remembered }
  const { config, folder } = project
  const discover = () =>
    withServers(project, ports => discoverTopology(config, ports, async () => undefined, signal))
  if (!needsComposeEnvironment(config)) return { topology: await discover(), found: null, failure: null }
  const found = await survey(composeOfConfig(folder, config.compose), folder, signal)
  try {
    const topology = await discover()
    return { topology, found: { ...found, ...topology }, failure: null }
  } catch (error) {
    // What the file says cannot be found: what is there can be shown all the same.
    if (signal.aborted || !(error instanceof LockstepError)) throw error
    return { topology: null, found, failure: error.failure }
  }
}

async function survey(
  compose: ComposeChoice,
  folder: string,
  signal: AbortSignal,
): Promise<DiscoveredProject> {
  const composeEnvironment = await openComposeProject(compose, signal)
  try {
    return await surveyProject(composeEnvironment, folder, signal)
  } finally {
    await composeEnvironment.close()
  }
}
