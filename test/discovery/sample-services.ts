import type { ComposeService } from '../../electron/compose/nodes/compose-project.ts'

/** A service with nothing but a name, and what a test says about it. */
export function makeService(changes: Partial<ComposeService> = {}): ComposeService {
  return {
    name: 'db',
    image: null,
    build: null,
    containerName: null,
    hostname: null,
    command: null,
    entrypoint: null,
    workingDir: null,
    user: null,
    environment: {},
    labels: {},
    ports: [],
    expose: [],
    volumes: [],
    networks: {},
    networkMode: null,
    dependsOn: {},
    healthcheck: null,
    secrets: [],
    configs: [],
    profiles: [],
    restart: null,
    replicas: 1,
    ...changes,
  }
}

/** A health check by its test. */
export function makeProbe(...test: readonly string[]): NonNullable<ComposeService['healthcheck']> {
  return { test, interval: null, timeout: null, retries: null, startPeriod: null }
}

/** A published port by its container's side. */
export function makePort(target: number): ComposeService['ports'][number] {
  return { target, published: String(target), hostIp: null, protocol: 'tcp' }
}
