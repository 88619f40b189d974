import { setTimeout as delay } from 'node:timers/promises'
import type { LagSample, LagSeries } from '../../../../shared/api/topology-view.ts'
import type { ServerObservation } from '../../../../shared/topology/topology.ts'
import type { ServerConfig } from '../../../config/project-config.ts'
import type { Project } from '../../settings/load-project.ts'
import { type OpenPorts, openPorts } from './open-ports.ts'

export interface LagSamplerOptions {
  readonly project: () => Project | null
  /** False while no screen shows it: then no server is asked either. */
  readonly hasAudience: () => boolean
  readonly onSamples: (samples: readonly LagSample[]) => void
  readonly everyMs?: number
  readonly open?: (project: Project) => Promise<OpenPorts>
}

/** How many samples are kept of each standby: an hour of them. */
const keptSamples = 3_600

/** Asks every standby once a second how far it is behind, over sessions that stay open. */
export class LagSampler {
  readonly #options: Required<LagSamplerOptions>
  readonly #timer: NodeJS.Timeout
  readonly #end = new AbortController()
  readonly #asking = new Map<string, Promise<void>>()
  #series = new Map<string, LagSample[]>()
  #watched: string | null = null
  #silentTicks = 0
  #engine: Promise<OpenPorts | null> | null = null
  #isTicking = false

  constructor(options: LagSamplerOptions) {
    this.#options = { everyMs: 1_000, open: openPorts, ...options }
    this.#timer = setInterval(() => void this.#tick(), this.#options.everyMs)
    this.#timer.unref()
  }

  /** The samples of the last hour, oldest first. */
  series(): readonly LagSeries[] {
    const project = this.#options.project()
    if (project === null || nameServers(project) !== this.#watched) return []
    const maxBytes = project.config.gates.replica_lag.maxBytes
    return standbysOf(project).map(({ name, cluster }) => ({
      server: name,
      cluster,
      samples: [...(this.#series.get(name) ?? [])],
      maxBytes,
    }))
  }

  /** The newest sample of each standby. */
  newest(): readonly LagSample[] {
    return this.series().flatMap(one => one.samples.at(-1) ?? [])
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#end.abort()
    await Promise.all(this.#asking.values())
    await this.#letGo()
  }

  async #tick(): Promise<void> {
    if (this.#isTicking || this.#end.signal.aborted) return
    this.#isTicking = true
    try {
      await this.#look()
    } finally {
      this.#isTicking = false
    }
  }

  async #look(): Promise<void> {
    const project = this.#options.project()
    const servers = project === null ? null : nameServers(project)
    if (servers !== this.#watched) {
      await this.#letGo()
      this.#series = new Map()
      this.#watched = servers
    }
    if (project === null || !this.#options.hasAudience()) return this.#letGo()
    const standbys = standbysOf(project)
    if (standbys.length === 0) return
    this.#engine ??= this.#options.open(project).catch(() => null)
    const engine = await this.#engine
    // Servers that cannot be reached now may be there in a second.
    if (engine === null) this.#engine = null
    const samples = await Promise.all(standbys.map(standby => this.#sample(standby, engine)))
    if (this.#end.signal.aborted) return
    for (const sample of samples) this.#keep(sample)
    // A container that was made again is reached in another way.
    this.#silentTicks = samples.every(sample => sample.state === 'missing') ? this.#silentTicks + 1 : 0
    if (this.#silentTicks % ticksOfPatience === ticksOfPatience - 1) await this.#letGo()
    this.#options.onSamples(samples)
  }

  /** A standby that does not answer in time is a gap, and is not asked twice at once. */
  async #sample(standby: ServerConfig, engine: OpenPorts | null): Promise<LagSample> {
    const missing = describeMissing(standby)
    if (engine === null || this.#asking.has(standby.name)) return missing
    let sample = missing
    const asking = engine.ports.servers.observe(standby.name, this.#end.signal).then(
      observation => {
        sample = describeSample(observation)
      },
      () => undefined,
    )
    const asked = asking.finally(() => this.#asking.delete(standby.name))
    this.#asking.set(standby.name, asked)
    await Promise.race([asked, delay(this.#options.everyMs * 0.9, undefined, { ref: false })])
    return sample
  }

  #keep(sample: LagSample): void {
    const samples = this.#series.get(sample.server) ?? []
    samples.push(sample)
    if (samples.length > keptSamples) samples.splice(0, samples.length - keptSamples)
    this.#series.set(sample.server, samples)
  }

  async #letGo(): Promise<void> {
    const engine = await this.#engine
    this.#engine = null
    await engine?.close().catch(() => undefined)
  }
}

/** Ticks without any answer before the ways to the servers are looked for again. */
const ticksOfPatience = 15

/** Changes with the project, and with the servers that its file names. */
function nameServers({ file, config }: Project): string {
  const places = config.servers.map(({ password: _secret, ...server }) => server)
  return JSON.stringify([file, places])
}

/** What an observation says about replay; null is not zero. */
export function describeSample(observation: ServerObservation): LagSample {
  const { server, cluster, replication, role } = observation
  const place = { server, cluster, at: new Date().toISOString() }
  if (role === 'unreachable' || replication === null) {
    return { ...place, bytes: null, seconds: null, state: 'missing' }
  }
  const { lagBytes: bytes, lagSeconds: seconds, receiver, replayPause } = replication
  if (replayPause !== 'not paused') return { ...place, bytes, seconds, state: 'paused' }
  if (receiver !== 'streaming') return { ...place, bytes, seconds, state: 'not_streaming' }
  return { ...place, bytes, seconds, state: bytes === 0 ? 'idle' : 'streaming' }
}

function describeMissing({ name, cluster }: ServerConfig): LagSample {
  return {
    server: name,
    cluster,
    at: new Date().toISOString(),
    bytes: null,
    seconds: null,
    state: 'missing',
  }
}

function standbysOf({ config }: Project): readonly ServerConfig[] {
  return config.servers.filter(server => server.role === 'standby')
}
