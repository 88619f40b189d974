import { withEither } from '../../../lib/with-deadline.ts'
import { needsComposeEnvironment } from '../../docker/reach-servers.ts'
import { findComposeOnly, type ProjectChoice } from '../../project/open-project.ts'
import type { Project } from '../../settings/load-project.ts'
import { watchChoice } from '../../survey/watch-choice.ts'

export interface ProjectWatchOptions {
  readonly choice: () => ProjectChoice | null
  readonly project: () => Project | null
  readonly onChange: () => void
  readonly signal: AbortSignal
}

/** Tells when something happens to the containers of the open project, where it has any and Docker is there. */
export function watchProject(options: ProjectWatchOptions): { refresh(): void; close(): Promise<void> } {
  let watched: ProjectChoice | null = null
  let end = new AbortController()
  let watching: Promise<void> = Promise.resolve()
  return {
    refresh() {
      const choice = options.choice()
      if (choice === watched) return
      end.abort()
      end = new AbortController()
      watched = choice
      const project = options.project()
      if (choice === null || project === null || !hasContainers(choice, project)) return
      // Without Docker there is nothing to hear, and what is declared can be looked at all the same.
      watching = withEither([end.signal, options.signal], signal =>
        watchChoice(choice, options.onChange, signal),
      ).catch(() => undefined)
    },
    async close() {
      end.abort()
      await watching
    },
  }
}

function hasContainers(choice: ProjectChoice, { config }: Project): boolean {
  return needsComposeEnvironment(config) || findComposeOnly(choice) !== null
}
