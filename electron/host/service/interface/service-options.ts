import type { ProjectChoice } from '../../project/open-project.ts'
import type { DemoStarter } from './demo-starter.ts'
import type { SecretStorage } from './secret-storage.ts'

/** What a service begins with. */
export interface ServiceOptions {
  /** Which project to begin with; null for none. */
  readonly choice: ProjectChoice | null
  readonly readOnly: boolean
  /** Null where there is no sandbox to be had. */
  readonly demo: DemoStarter | null
  /** Where preferences and opened logs are kept. */
  readonly stateFolder?: string
  /** Where passwords are remembered; absent in a browser session, which remembers none. */
  readonly secrets?: SecretStorage
  /** Told what another engine would have to know if this one were lost. */
  readonly onState?: (state: ServiceState) => void
}

/** The run that is at work here, and the project that is open. */
export interface ServiceState {
  readonly runId: string | null
  readonly choice: ProjectChoice | null
}
