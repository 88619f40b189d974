import { join } from 'node:path'
import type { DemoState, ProjectView } from '../../../../shared/api/session-view.ts'
import { type Failure, LockstepError, toFailure } from '../../../../shared/failure/failure.ts'
import type { Environment } from '../../../../shared/plan/environment.ts'
import { environmentOf } from '../../../config/environment-of.ts'
import { choiceOf } from '../../project/choice-of.ts'
import { findComposeOnly, openProject, type ProjectChoice } from '../../project/open-project.ts'
import type { Project } from '../../settings/load-project.ts'
import type { RememberedPasswords } from '../../settings/remembered-passwords.ts'
import type { DemoStarter } from '../interface/demo-starter.ts'

/** What the session looks at. */
export interface SessionControllerOptions {
  readonly demo: DemoStarter | null
  /** Told whenever what `session.read` answers has changed. */
  readonly onChange: () => void
  readonly onLine: (line: string) => void
  readonly signal: AbortSignal
  /** The passwords that are remembered for the project of a file. */
  readonly recall: (file: string) => Promise<RememberedPasswords>
}

/** The project that is open, and the sandbox; one of each at a time. */
export class SessionController {
  readonly #options: SessionControllerOptions
  #choice: ProjectChoice | null = null
  #project: Project | null = null
  #remembered: RememberedPasswords = new Map()
  #failure: Failure | null = null
  #demo: DemoState = { state: 'not_started' }
  #starting: Promise<void> | null = null

  constructor(options: SessionControllerOptions) {
    this.#options = options
    const folder = options.demo?.running() ?? null
    if (folder !== null) this.#demo = { state: 'running', folder }
    options.demo?.onEnd(failure => this.#endDemo(failure))
  }

  get choice(): ProjectChoice | null {
    return this.#choice
  }

  get project(): Project | null {
    return this.#project
  }

  get failure(): Failure | null {
    return this.#failure
  }

  get demo(): DemoState {
    return this.#demo
  }

  get isDemo(): boolean {
    return this.#demo.state === 'running' && this.#project?.folder === this.#demo.folder
  }

  /** Of the project as it was read last. */
  environment(): Environment | null {
    if (this.#project === null) return null
    return environmentOf(this.#project.config)
  }

  view(): ProjectView | null {
    if (this.#project === null) return null
    const { file, folder, config } = this.#project
    return {
      name: config.project,
      file,
      folder,
      environment: environmentOf(config),
      isDemo: this.isDemo,
    }
  }

  /** Opens the project of a choice; what was open stays open when that fails. */
  async open(choice: ProjectChoice): Promise<void> {
    const opened = await openProject(choice, this.#options.signal)
    this.#remembered = await this.#options.recall(opened.file)
    const project = this.#place(opened)
    this.#choice = choice
    this.#project = project
    this.#failure = null
    this.#options.onChange()
  }

  /** Like `open`, where the answer is not waited for: why it failed is part of the session. */
  async openFirst(choice: ProjectChoice): Promise<void> {
    try {
      await this.open(choice)
    } catch (error) {
      this.#failure = toFailure(error)
      this.#options.onChange()
    }
  }

  /** The open project as its file says now; throws `project_missing`, or what is wrong with the file. */
  async refresh(): Promise<Project> {
    if (this.#choice === null || this.#project === null) throw new LockstepError({ kind: 'project_missing' })
    // A Compose project without a file is found by asking the daemon: too slow to be done for each request.
    if (findComposeOnly(this.#choice) !== null) return this.#project
    this.#project = this.#place(await openProject(this.#choice, this.#options.signal))
    return this.#project
  }

  get remembered(): RememberedPasswords {
    return this.#remembered
  }

  /** Takes the remembered passwords of the open project as they are now. */
  async recallPasswords(): Promise<void> {
    if (this.#project === null) return
    const { file } = this.#project
    const remembered = await this.#options.recall(file)
    if (this.#project?.file !== file) return
    this.#remembered = remembered
    this.#project = this.#place(this.#project)
  }

  /** Starts the sandbox where it does not run, and opens it. */
  openDemo(): Promise<void> {
    this.#starting ??= this.#startDemo().finally(() => {
      this.#starting = null
    })
    return this.#starting
  }

  async #startDemo(): Promise<void> {
    const { demo, onChange, onLine } = this.#options
    if (demo === null) throw new LockstepError({ kind: 'not_possible', action: 'open the sandbox', reason })
    const lines: string[] = []
    if (this.#demo.state !== 'running') this.#show({ state: 'starting', lines: [] })
    try {
      const { folder } = await demo.start(line => {
        lines.push(line)
        if (this.#demo.state === 'starting') this.#show({ state: 'starting', lines: [...lines] })
        onLine(line)
      })
      this.#demo = { state: 'running', folder }
      await this.open(choiceOf(folder))
      onChange()
    } catch (error) {
      if (this.#demo.state !== 'running') this.#show({ state: 'failed', failure: toFailure(error) })
      throw error
    }
  }

  #endDemo(failure: Failure): void {
    const wasOpen = this.isDemo
    this.#demo = { state: 'failed', failure }
    if (wasOpen) {
      this.#project = null
      this.#choice = null
      this.#failure = failure
    }
    this.#options.onChange()
  }

  #show(state: DemoState): void {
    this.#demo = state
    this.#options.onChange()
  }

  /** The sandbox's runs and plans go with it, wherever this machine keeps those of other projects. */
  #place(given: Project): Project {
    const project = { ...given, remembered: this.#remembered }
    if (this.#demo.state !== 'running' || project.folder !== this.#demo.folder) return project
    return placeDemo(project)
  }
}

/** A project whose runs and plans lie in its own folder. */
export function placeDemo(project: Project): Project {
  const state = join(project.folder, '.lockstep')
  return { ...project, runsFolder: join(state, 'runs'), plansFolder: join(state, 'plans') }
}

const reason = 'There is no sandbox here: the program was started without one.'
