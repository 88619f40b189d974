import { toFailure } from '../../../../shared/failure/failure.ts'
import type { MigrationGraph } from '../../../../shared/plan/migration-graph.ts'
import { type FleetReading, readFleet, unread } from '../../../app/status/read-fleet.ts'
import type { Project } from '../../settings/load-project.ts'
import { withMigrations } from '../../wiring/with-engine.ts'

export interface FleetControllerOptions {
  /** The open project as its file says now. */
  readonly project: () => Promise<Project>
  /** True while a run is at work: its votes lock tables, so that a plan would wait for them. */
  readonly isAtWork: () => Promise<boolean>
  readonly signal: AbortSignal
}

/** Reads where the fleet stands, once for all who ask at the same time, and not again for a while. */
export class FleetController {
  readonly #options: FleetControllerOptions
  #last: { readonly reading: FleetReading; readonly until: number } | null = null
  #reading: Promise<FleetReading> | null = null
  #graph: MigrationGraph | null = null
  #generation = 0

  constructor(options: FleetControllerOptions) {
    this.#options = options
  }

  async read(): Promise<FleetReading> {
    if (this.#last && performance.now() < this.#last.until) return this.#last.reading
    this.#reading ??= this.#readAnew()
    return this.#reading
  }

  /** The revisions as they were read last; read now where they never were. */
  async readGraph(): Promise<MigrationGraph | null> {
    return this.#graph ?? (await this.read()).graph
  }

  /** Another project has other revisions. */
  forgetProject(): void {
    this.#graph = null
    this.forget()
  }

  /** What was read before is no longer so. */
  forget(): void {
    this.#generation += 1
    this.#last = null
    this.#reading = null
  }

  async #readAnew(): Promise<FleetReading> {
    const generation = this.#generation
    const { project, isAtWork, signal } = this.#options
    const startedAt = performance.now()
    try {
      const reading = await readFleetOf(await project(), await isAtWork(), signal)
      if (generation === this.#generation) {
        const now = performance.now()
        this.#last = { reading, until: now + howLongToKeep(reading, now - startedAt) }
        this.#graph = reading.graph
      }
      return reading
    } finally {
      if (generation === this.#generation) this.#reading = null
    }
  }
}

/**
 * Milliseconds for which a reading is shown again. Fingerprints of a large fleet are work for its servers: a dashboard that
 * is left open may take a tenth of their time at most. What failed, or was cheap, is read again soon.
 */
export function howLongToKeep({ plan }: Pick<FleetReading, 'plan'>, tookMs: number): number {
  return plan === null ? soonMs : Math.min(Math.max(soonMs, 9 * tookMs), longestMs)
}

const soonMs = 4_000
const longestMs = 300_000

/** Reads where the fleet stands; what keeps the engine from being started is said in the answer, too. */
async function readFleetOf(project: Project, isAtWork: boolean, signal: AbortSignal): Promise<FleetReading> {
  try {
    return await withMigrations(project, ports =>
      readFleet({ config: project.config, isAtWork }, ports, signal),
    )
  } catch (error) {
    return unread(toFailure(error))
  }
}
