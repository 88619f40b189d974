/** A container as its daemon describes it. No environment: that holds passwords, and stays in the adapter. */
export interface ContainerFacts {
  readonly id: string
  readonly name: string
  /** As it was asked for, such as `postgres:18`. */
  readonly image: string
  /** What it really was made from, such as `sha256:..`; null when the daemon does not say. */
  readonly imageId: string | null
  readonly state: ContainerState
  /** Null when the container has no health check. */
  readonly health: 'starting' | 'healthy' | 'unhealthy' | null
  readonly restarts: number
  /** RFC 3339; null when it never ran. */
  readonly startedAt: string | null
  /** Null while it runs. */
  readonly exitCode: number | null
  readonly workingDir: string
  readonly command: readonly string[]
  /** Null for a container that Compose did not make. */
  readonly compose: ComposeLabels | null
  readonly networks: readonly ContainerNetwork[]
  /** `host`, `none`, `container:ID`, or the name of a network. */
  readonly networkMode: string
  readonly ports: readonly PublishedPort[]
  readonly mounts: readonly ContainerMount[]
}

export type ContainerState = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead'

/** What Compose writes on the containers that it makes. */
export interface ComposeLabels {
  readonly project: string
  readonly service: string
  readonly number: number
  /** The folder that relative paths of the project start from; empty when not said. */
  readonly workingDir: string
  readonly configFiles: readonly string[]
  /** A container of `docker compose run`. */
  readonly oneOff: boolean
}

export interface ContainerNetwork {
  readonly name: string
  /** Null while the container is not running. */
  readonly address: string | null
  readonly aliases: readonly string[]
}

export interface PublishedPort {
  readonly containerPort: number
  readonly protocol: string
  readonly hostAddress: string
  readonly hostPort: number
}

export interface ContainerMount {
  readonly type: string
  /** A path of the daemon's machine, or a volume's name. */
  readonly source: string
  readonly destination: string
  readonly readOnly: boolean
}

/** Something that happened to a container of the watched project. */
export interface ContainerEvent {
  readonly containerId: string
  readonly service: string | null
  readonly action: 'started' | 'stopped' | 'paused' | 'resumed' | 'health_changed' | 'created' | 'removed'
  /** With `health_changed`: what it is now. */
  readonly health: string | null
}

/** Whether a daemon answers, as data: a topology without one is declared, not observed. */
export type DaemonState =
  | {
      readonly state: 'connected'
      readonly endpoint: string
      readonly engine: 'docker' | 'podman'
      readonly version: string
      readonly apiVersion: string
      readonly rootless: boolean
    }
  /** Nothing listens at any place that was tried. */
  | { readonly state: 'absent'; readonly tried: readonly EndpointAttempt[] }
  /** The socket is there, and this user may not use it. */
  | { readonly state: 'denied'; readonly tried: readonly EndpointAttempt[] }
  /** It took the question and did not answer within the deadline. */
  | { readonly state: 'silent'; readonly tried: readonly EndpointAttempt[] }

/** A place where a daemon was looked for, and what was found there. */
export interface EndpointAttempt {
  readonly endpoint: string
  /** Where the endpoint was read, such as `DOCKER_HOST` or `context desktop-linux`. */
  readonly from: string
  readonly outcome: string
}
