import { z } from 'zod'
import type { DaemonState } from '../../../shared/server/docker-container.ts'
import { askJson, CallError, type DaemonLine } from './call.ts'
import { SshError } from './ssh-stream.ts'

const versionJson = z.object({
  Version: z.string(),
  ApiVersion: z.string(),
  Components: z.array(z.object({ Name: z.string().catch('') })).catch([]),
})

const infoJson = z.object({
  SecurityOptions: z.array(z.string()).catch([]),
  /** Podman says it here too. */
  Rootless: z.boolean().catch(false),
})

/** What was found at one place. */
export type EndpointProbe =
  | Extract<DaemonState, { state: 'connected' }>
  | { readonly state: 'absent' | 'denied' | 'silent'; readonly outcome: string }

/** Asks a place who answers there; throws for nothing but a signal. */
export async function probeDaemon(line: DaemonLine, signal: AbortSignal): Promise<EndpointProbe> {
  try {
    const answer = await askJson(line, { call: 'read the version', path: '/version' }, signal)
    const version = versionJson.safeParse(answer)
    if (!version.success) return { state: 'absent', outcome: 'what answers there is not a Docker daemon' }
    const { Components: components, Version, ApiVersion } = version.data
    return {
      state: 'connected',
      endpoint: line.endpoint,
      engine: components.some(({ Name }) => Name.startsWith('Podman')) ? 'podman' : 'docker',
      version: Version,
      apiVersion: ApiVersion,
      rootless: await isRootless(line, signal),
    }
  } catch (error) {
    if (error instanceof CallError) return describeMiss(error)
    throw error
  }
}

/** Proxies of a socket often refuse this question and allow the others. */
async function isRootless(line: DaemonLine, signal: AbortSignal): Promise<boolean> {
  try {
    const info = infoJson.parse(await askJson(line, { call: 'read the info', path: '/info' }, signal))
    return info.Rootless || info.SecurityOptions.some(option => option.split(',').includes('name=rootless'))
  } catch (error) {
    if (error instanceof z.ZodError || (error instanceof CallError && error.status !== null)) return false
    throw error
  }
}

function describeMiss(error: CallError): EndpointProbe {
  if (error.cause instanceof SshError) {
    const isDenied = /permission denied/i.test(error.message)
    return { state: isDenied ? 'denied' : 'absent', outcome: error.message }
  }
  const outcome = error.status === null ? error.message : `${error.message} (HTTP ${error.status})`
  return { state: error.why === 'failed' ? 'absent' : error.why, outcome }
}
