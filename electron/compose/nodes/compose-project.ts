/**
 * A Compose project as declared, in the long form: what `docker compose config --format json` prints, as far as it matters here.
 *
 * Secret values may be in `environment`: a project never enters an event, a failure or a log.
 */
export interface ComposeProject {
  readonly name: string
  /** By name; only those that the active profiles enable. */
  readonly services: Readonly<Record<string, ComposeService>>
  /** Names of services that exist, but that no active profile enables. */
  readonly disabledServices: readonly string[]
  readonly networks: Readonly<Record<string, ComposeNetwork>>
  readonly volumes: Readonly<Record<string, ComposeVolume>>
  readonly secrets: Readonly<Record<string, ComposeFileObject>>
  readonly configs: Readonly<Record<string, ComposeFileObject>>
}

export interface ComposeService {
  readonly name: string
  readonly image: string | null
  readonly build: ComposeBuild | null
  readonly containerName: string | null
  readonly hostname: string | null
  /** Null: the image's own. A shell-form string is split as a shell would split it. */
  readonly command: readonly string[] | null
  readonly entrypoint: readonly string[] | null
  readonly workingDir: string | null
  readonly user: string | null
  /** Null stands for a variable that the environment does not set either. */
  readonly environment: Readonly<Record<string, string | null>>
  readonly labels: Readonly<Record<string, string>>
  readonly ports: readonly ComposePort[]
  readonly expose: readonly string[]
  readonly volumes: readonly ComposeMount[]
  /** By network; empty with a `networkMode`. */
  readonly networks: Readonly<Record<string, ComposeServiceNetwork>>
  readonly networkMode: string | null
  readonly dependsOn: Readonly<Record<string, ComposeDependency>>
  readonly healthcheck: ComposeHealthcheck | null
  readonly secrets: readonly ComposeFileGrant[]
  readonly configs: readonly ComposeFileGrant[]
  readonly profiles: readonly string[]
  readonly restart: string | null
  /** `scale` or `deploy.replicas`; 1 when nothing is said. */
  readonly replicas: number
}

export interface ComposeBuild {
  readonly context: string
  readonly dockerfile: string
  readonly target: string | null
}

export interface ComposePort {
  readonly target: number
  /** A port, a range such as `8000-8010`, or null for one that Docker chooses. */
  readonly published: string | null
  readonly hostIp: string | null
  readonly protocol: string
}

export interface ComposeMount {
  readonly type: 'bind' | 'volume' | 'tmpfs' | 'npipe' | 'cluster' | 'image'
  /** An absolute path of this machine, or a volume's key; null for an anonymous volume or a tmpfs. */
  readonly source: string | null
  readonly target: string
  readonly readOnly: boolean
}

export interface ComposeServiceNetwork {
  readonly aliases: readonly string[]
  readonly ipv4Address: string | null
}

export interface ComposeDependency {
  readonly condition: string
  readonly required: boolean
}

export interface ComposeHealthcheck {
  /** Null: the image's own. `['NONE']` when disabled. */
  readonly test: readonly string[] | null
  readonly interval: string | null
  readonly timeout: string | null
  readonly retries: number | null
  readonly startPeriod: string | null
}

export interface ComposeNetwork {
  /** The name that the daemon knows. */
  readonly name: string
  readonly external: boolean
  readonly internal: boolean
  readonly driver: string | null
}

export interface ComposeVolume {
  readonly name: string
  readonly external: boolean
  readonly driver: string | null
}

/** A secret or a config: where its content comes from. */
export interface ComposeFileObject {
  readonly name: string
  /** An absolute path of this machine. */
  readonly file: string | null
  /** A variable of the environment. */
  readonly environment: string | null
  readonly content: string | null
  readonly external: boolean
}

/** A secret or a config that a service may read. */
export interface ComposeFileGrant {
  readonly source: string
  /** An absolute path in the container; null: the default place. */
  readonly target: string | null
}

/** Something that is not wrong, and that a reader should know: an unset variable, an obsolete key. */
export interface ComposeWarning {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly problem: string
}
