/** A place where a daemon may answer, and who named it. */
export interface DockerEndpoint {
  /** As it may be shown: without credentials. */
  readonly address: string
  /** Such as `DOCKER_HOST` or `context desktop-linux`. */
  readonly from: string
  readonly target: EndpointTarget
}

/** How an endpoint is reached. */
export type EndpointTarget =
  /** A Unix socket, or a named pipe of Windows. */
  | { readonly kind: 'socket'; readonly path: string }
  | {
      readonly kind: 'tcp'
      readonly host: string
      readonly port: number
      /** What stands before every path of the API, without slashes at its ends; often empty. */
      readonly prefix: string
      readonly tls: TlsSettings | null
    }
  | SshTarget
  /** It was chosen, and nothing can be done with it. */
  | { readonly kind: 'unusable'; readonly problem: string }

/** A daemon behind the system's `ssh`. */
export interface SshTarget {
  readonly kind: 'ssh'
  readonly host: string
  readonly user: string | null
  readonly port: number | null
  /** The daemon's socket on that host; null for the one that its `docker` chooses. */
  readonly socket: string | null
}

/** What a TLS connection is made with, as PEM; null where the system's own is used. */
export interface TlsSettings {
  readonly ca: string | null
  readonly cert: string | null
  readonly key: string | null
  readonly verifies: boolean
}
