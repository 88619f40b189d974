import type { DiscoveredProject } from '../../../shared/discovery/discovered-project.ts'
import type { Topology } from '../../../shared/topology.ts'
import { discoverTopology } from '../../engine/discover-topology.ts'
import { composeOfConfig, openComposeProject } from '../docker/open-compose-project.ts'
import { needsSurroundings } from '../docker/reach-servers.ts'
import { findComposeOnly, loadChosen, type ProjectChoice } from '../open-project.ts'
import { noApprovals, withEngine } from '../with-engine.ts'
import { surveyProject } from './survey-project.ts'

/** A topology; `found` where the project has Compose files. */
export interface SurveyedChoice {
  readonly topology: Topology
  readonly found: DiscoveredProject | null
}

/** Looks at the chosen project: as its file says where it has one, as it is found to be where it has none. */
export async function surveyChoice(choice: ProjectChoice, signal: AbortSignal): Promise<SurveyedChoice> {
  const files = findComposeOnly(choice)
  if (files !== null) {
    const surroundings = await openComposeProject(choice.compose, signal)
    try {
      const found = await surveyProject(surroundings, files.projectDirectory, signal)
      return { topology: found, found }
    } finally {
      await surroundings.close()
    }
  }
  const project = loadChosen(choice)
  const { config, folder } = project
  const topology = await withEngine(project, noApprovals, ports =>
    discoverTopology(config, ports, async () => undefined, signal),
  )
  if (!needsSurroundings(config)) return { topology, found: null }
  const surroundings = await openComposeProject(composeOfConfig(folder, config.compose), signal)
  try {
    const found = await surveyProject(surroundings, folder, signal)
    return { topology, found: { ...found, ...topology } }
  } finally {
    await surroundings.close()
  }
}
